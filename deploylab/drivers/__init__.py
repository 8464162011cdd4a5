"""How the lab speaks to management controllers: plain Python that knows the wire and no Django."""
