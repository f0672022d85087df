"""Reads drawings with parsers that are not ours and fails on anything that could run: judge.py DIR."""

import json
import pathlib
import re
import struct
import sys
import xml.etree.ElementTree as ET
import zlib

ACTIVE = {"script", "foreignObject", "iframe", "object", "embed", "handler", "set", "animate", "use-external"}


def local(name):
    return name.rsplit("}", 1)[-1]


def check_svg(text):
    assert "<!ENTITY" not in text
    root = ET.fromstring(text)
    for element in root.iter():
        assert local(element.tag) not in ACTIVE, element.tag
        for name, value in element.attrib.items():
            assert not local(name).lower().startswith("on"), (element.tag, name)
            if local(name) in ("href", "src"):
                assert value.startswith(("#", "data:image/")), value
            assert "javascript:" not in value.lower() or local(name) not in ("href", "style", "src"), value
            if local(name) in ("style", "fill", "stroke", "filter", "clip-path", "mask"):
                assert not re.search(r"url\((?!['\"]?#)", value), value
    for style in root.iter("{http://www.w3.org/2000/svg}style"):
        assert "@import" not in (style.text or "") and "url(" not in (style.text or "")


def check_mxgraph(text):
    root = ET.fromstring(text)
    cells = list(root.iter("mxCell")) + list(root.iter("object")) + list(root.iter("UserObject"))
    assert cells, "no cells"
    for element in root.iter():
        for name, value in element.attrib.items():
            # draw.io renders labels as HTML when the style says html=1: what it sees must be escaped twice.
            if name in ("value", "label", "tooltip"):
                style = element.get("style", "") + "".join(c.get("style", "") for c in element)
                if "html=1" in style:
                    tags = set(t.lower() for t in re.findall(r"<\s*/?\s*([a-zA-Z!]\w*)", value))
                    assert tags <= {"b", "br", "div", "span", "font", "i", "small", "p"}, (tags, value)
                    assert not re.search(r"<[^>]*\son\w+\s*=", value), value
            if name == "link":
                assert value.startswith(("https://", "data:page/id")), value


def check_json(text):
    data = json.loads(text)["data"]
    ids = [n["id"] for n in data["nodes"]] + [g["id"] for g in data["groups"]]
    assert len(ids) == len(set(ids))


def check_png(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, pixels, names = 8, b"", []
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        assert zlib.crc32(name + body) == struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0]
        pixels += body if name == b"IDAT" else b""
        names.append(name)
        at += 12 + size
    assert names[-1] == b"IEND" and zlib.decompress(pixels)


def check_pdf(data):
    assert data[:5] == b"%PDF-" and b"%%EOF" in data[-32:]
    for word in (b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction", b"/AA ", b"/EmbeddedFile"):
        assert word not in data, word


def main(folder):
    count = 0
    for path in sorted(folder.iterdir()):
        kind, data = path.suffix[1:], path.read_bytes()
        try:
            if kind in ("svg", "mxgraph", "json"):
                text = data.decode("utf-8")
                assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text), "control characters"
                {"svg": check_svg, "mxgraph": check_mxgraph, "json": check_json}[kind](text)
            elif kind == "png":
                check_png(data)
            elif kind == "pdf":
                check_pdf(data)
            elif kind == "webp":
                assert data[:4] == b"RIFF" and struct.unpack("<I", data[4:8])[0] == len(data) - 8
            else:
                raise AssertionError(kind)
        except Exception as error:
            raise SystemExit(f"{path.name}: {type(error).__name__}: {error}")
        count += 1
    assert count
    print(count, "drawings")


main(pathlib.Path(sys.argv[1]))
