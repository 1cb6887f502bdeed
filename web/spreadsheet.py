"""Tables sent to be opened in a spreadsheet, a slice at a time."""

from collections.abc import AsyncIterator, Iterable, Sequence

from aiohttp import hdrs, web

from ari_app.transfer import BEGINNING, delimiter_for, write_lines
from web.visit import Visit

Rows = Iterable[Sequence[str]]


async def send_table(
    visit: Visit, name: str, header: Sequence[str], slices: AsyncIterator[Rows]
) -> web.StreamResponse:
    """Send a table as a file called `name`; an error later than the header breaks it off."""
    answer = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: "text/csv; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}.csv"',
            hdrs.CACHE_CONTROL: "no-store",
        }
    )
    answer.enable_compression()
    await answer.prepare(visit.request)
    if visit.request.method == hdrs.METH_HEAD:
        return answer
    delimiter = delimiter_for(visit.words.language)
    await answer.write(BEGINNING + write_lines([header], delimiter))
    async for rows in slices:
        written = write_lines(rows, delimiter)
        if written:
            await answer.write(written)
    await answer.write_eof()
    return answer
