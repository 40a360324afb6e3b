"""Turns what a program printed on a terminal into an SVG picture.

    script -qec 'footwork demo drift-detection' /dev/null | python3 docs/picture.py > docs/demo.svg
"""

import html
import re
import sys

COLOURS = {
    "31": "#e06c75", "32": "#7fb37a", "33": "#d9b05e", "36": "#56b6c2", "2": "#8a919e",
}
TEXT, GROUND = "#d7dae0", "#1e2127"
WIDTH, HEIGHT, PAD = 8.4, 18, 16


def lines(text):
    """Lines without what only moves the cursor; of a line drawn again, the last drawing."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-HJKhl]", "", text.replace("\r\n", "\n"))
    return [line.rsplit("\r", 1)[-1].rstrip() for line in text.split("\n")]


def spans(line):
    """Pieces of a line, each with its colour and whether it is bold."""
    colour, bold = TEXT, False
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", piece)
        if not code:
            if piece:
                yield piece, colour, bold
            continue
        for one in code.group(1).split(";"):
            if one in ("", "0"):
                colour, bold = TEXT, False
            elif one == "39":
                colour = TEXT
            elif one == "1":
                bold = True
            elif one in COLOURS:
                colour = COLOURS[one]


def main():
    shown = lines(sys.stdin.read())
    while shown and not shown[-1]:
        shown.pop()
    while shown and not shown[0]:
        shown.pop(0)
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown]
    width = max(map(len, plain)) * WIDTH + 2 * PAD
    height = len(shown) * HEIGHT + 2 * PAD
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="terminal">')
    print(f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>')
    print('<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">')
    for row, line in enumerate(shown):
        y = PAD + (row + 0.75) * HEIGHT
        pieces = "".join(
            f'<tspan fill="{colour}" font-weight="{"bold" if bold else "normal"}">{html.escape(piece)}</tspan>'
            for piece, colour, bold in spans(line)
        )
        if pieces:
            print(f'<text x="{PAD}" y="{y:.1f}">{pieces}</text>')
    print("</g>\n</svg>")


main()
