"""Bytes to frames: however they are cut, the same frames; never more than the bounds in memory."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.telephony.esl.events import of_headers, read
from app.telephony.esl.framing import Frame, Framer, Malformed

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,30}", fullmatch=True).filter(lambda name: name != "Content-Length")
VALUES = st.text(st.characters(exclude_characters="\n\r", exclude_categories=("Cs",)), max_size=60).map(str.strip)
FRAMES = st.tuples(st.dictionaries(NAMES, VALUES, min_size=1, max_size=6), st.binary(max_size=300))


def written(headers: dict[str, str], body: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
    length = f"Content-Length: {len(body)}\n" if body else ""
    return f"{lines}{length}\n".encode() + body


@given(st.lists(FRAMES, max_size=5), st.lists(st.integers(0, 2000), max_size=20))
def test_any_split_of_the_bytes_gives_the_same_frames(frames, cuts):
    data = b"".join(written(headers, body) for headers, body in frames)
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    framer = Framer()
    found = [frame for start, end in itertools.pairwise(edges) for frame in framer.feed(data[start:end])]
    assert [frame.body for frame in found] == [body for _headers, body in frames]
    assert found == Framer().feed(data)
    for frame, (headers, _body) in zip(found, frames, strict=True):
        assert {name: frame.headers[name] for name in headers} == headers
    assert framer.between


@given(st.binary(max_size=3000), st.integers(1, 400))
def test_whatever_comes_no_more_than_the_bounds_is_held(data, step):
    framer = Framer(max_headers=200, max_body=500)
    try:
        for start in range(0, len(data), step):
            framer.feed(data[start : start + step])
            assert framer.held <= 200 + 500 + 200
    except Malformed:
        assert framer.held == 0
        with pytest.raises(Malformed):
            framer.feed(b"x")


def test_a_body_is_counted_in_bytes_and_may_be_anything():
    framer = Framer()
    body = "张三".encode() + b"\xff\x00\n\n"
    (frame,) = framer.feed(b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(body), body))
    assert frame.body == body


def test_a_line_longer_than_64_kib_is_read_wherever_it_is_cut():
    value = "x" * 200_000
    framer = Framer()
    data = f"variable_long: {value}\nContent-Type: command/reply\n\n".encode()
    frames = [frame for start in range(0, len(data), 1460) for frame in framer.feed(data[start : start + 1460])]
    assert frames == [Frame({"variable_long": value, "Content-Type": "command/reply"})]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff no frame at all\n\n",
        b"Content-Length: -5\n\n",
        b"Content-Length: 12abc\n\n",
        b"Content-Length: 99999999999\n\n",
        "Content-Length: ٣\n\n".encode(),
        b"HTTP/1.1 200 OK\n\n",
        b": nameless\n\n",
        b"x: " + b"y" * 2_000_000,
    ],
)
def test_garbage_is_no_frame(garbage):
    with pytest.raises(Malformed):
        Framer().feed(garbage)


def test_values_are_decoded_and_bytes_that_are_no_text_replaced():
    assert of_headers(Frame({"Caller-Name": "%E5%BC%A0%E4%B8%89%FF"})).get("Caller-Name") == "张三\ufffd"
    event = read(Frame({"Content-Type": "text/event-json"}, b'{"Event-Name":"DTMF","Caller":"\xd5\xc5"}'))
    assert event.name == "DTMF"
    plain = read(Frame({"Content-Type": "text/event-plain"}, b"Event-Name: CUSTOM\nContent-Length: 3\n\nabcdef"))
    assert (plain.name, plain.body) == ("CUSTOM", "abc")


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"nonsense", b'"x"', b"[" * 100_000])
def test_an_event_that_is_none_is_malformed(body):
    with pytest.raises(Malformed):
        read(Frame({"Content-Type": "text/event-json"}, body))
