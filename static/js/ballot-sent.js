/* The ballot is in: what was kept of it before is dropped. */

import { keeper } from "./ballot-keep.js";

keeper(document.querySelector("[data-sent]").dataset).read();
