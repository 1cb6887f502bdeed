"""A FastAGI script as most add-ons have one: a connection per call, one variable set, done."""

import asyncio
import sys

from demo.ports import HOST


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read what Asterisk says of the call, set one variable, wait for the reply, hang up."""
    while (await reader.readline()).strip():
        pass
    writer.write(b'SET VARIABLE BENCH_DECISION "ring"\n')
    await reader.readline()
    writer.close()


async def main(port: int) -> None:
    server = await asyncio.start_server(answer, HOST, port, backlog=1000)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
