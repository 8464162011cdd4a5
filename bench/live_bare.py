"""The thing to compare with: `websockets` and its broadcast(), with the same bytes.

It reads frames as lines from standard input, so that what it sends is made elsewhere.
"""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

readers: set[ServerConnection] = set()


async def serve_reader(socket: ServerConnection) -> None:
    readers.add(socket)
    await socket.send('{"type":"snapshot"}')
    try:
        await socket.wait_closed()
    finally:
        readers.discard(socket)


async def main(port: int) -> None:
    async with serve(serve_reader, "127.0.0.1", port, compression=None):
        lines = asyncio.StreamReader(limit=2**24)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            broadcast(readers, line.decode().rstrip("\n"))
        await asyncio.sleep(3)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
