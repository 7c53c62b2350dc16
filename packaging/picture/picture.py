#!/usr/bin/env python3
"""Makes terminal.svg beside this file: the commands below, typed at the real programs, with what they printed and when.

  picture.py [DIR]     DIR holds the programs, as packaging/publish.sh makes them; artifacts/programs if not given

The daemon runs with its built-in virtual camera, in /tmp/thatdam, which must not be there before and is gone afterwards."""
import html, json, os, pathlib, pty, re, shutil, signal, subprocess, sys, time

here = pathlib.Path(__file__).resolve().parent
programs = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else here / "../../artifacts/programs").resolve()
folder = pathlib.Path("/tmp/thatdam")
socket = folder / "capture.sock"
columns = 118
commands = [  # each with how long it is waited after it
    ("damctl devices list", 1),
    ("damctl record start virtual:0 --size 1280x720 --fps 30 --label interview", 1),
    ("damctl record start virtual:0 --codec mjpeg > /dev/null   # a second file of the same camera", 6),
    ("damctl record list --active", 1),
    ("damctl record stop --all", 1),
    ("damctl events tail 'capture.#' --since 1m --no-follow", 6),
]
colours = {1: "font-weight:bold", 2: "fill:#8a919c", 31: "fill:#ff7b72", 32: "fill:#7ee787", 33: "fill:#e3b341"}


def run(command):
    """Runs a command on a terminal of its own; gives the lines that it wrote, and the seconds that it took."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", THATDAM_SOCKET=str(socket), PATH=f"{programs}:{os.environ['PATH']}", LC_ALL="C.UTF-8", TZ="UTC")
        os.execvp("bash", ["bash", "-c", f"stty cols {columns} rows 40; {command}"])
    began, said = time.monotonic(), b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # EIO: the other side is closed
            break
        if not chunk:
            break
        said += chunk
    os.close(terminal)
    os.waitpid(pid, 0)
    text = re.sub(r"\x1b(\[[?0-9;]*[A-Za-ln-z]|[=>])", "", said.decode())  # what is no colour moves a cursor that this picture has not
    return [row for line in text.replace("\r\n", "\n").rstrip("\n").split("\n") for row in rows(line)], time.monotonic() - began


def rows(line):
    """A line as a terminal of so many columns breaks it. Codes take no room."""
    row, width = "", 0
    for part in re.findall(r"\x1b\[[0-9;]*m|.", line):
        if len(part) == 1 and width == columns:
            yield row
            row, width = "", 0
        row, width = row + part, width + (len(part) == 1)
    yield row


def spans(line):
    """A line with its SGR codes as SVG."""
    out, style = [], ""
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if code := re.fullmatch(r"\x1b\[([0-9;]*)m", part):
            style = ";".join(colours[int(one)] for one in code[1].split(";") if one and int(one) in colours)
        elif part:
            out.append(f'<tspan style="{style}">{html.escape(part)}</tspan>' if style else html.escape(part))
    return "".join(out)


def main():
    folder.mkdir()
    try:
        (folder / "recordings").mkdir()
        (folder / "capture.conf").touch()
        daemon = subprocess.Popen(
            [programs / "thatdam-capture", "--config", folder / "capture.conf", "--socket", socket, "--output", folder / "recordings",
             "--state", folder / "state", "--set", "VirtualCameras.Count=1"], stderr=subprocess.PIPE, text=True)
        try:
            for line in daemon.stderr:
                if line.startswith("ready "):
                    break
            else:
                sys.exit("picture.py: the daemon ended before it was ready")
            for _ in range(300):  # the encoders are tried, and an ffmpeg is warm
                status = json.loads(subprocess.run([programs / "damctl", "status", "-o", "json", "--socket", socket], capture_output=True).stdout)
                if status["ffmpeg"]["probed"] and status["ffmpeg"]["pool"]["warm"] > 0:
                    break
                time.sleep(0.2)
            lines, now = [], 0.5
            for command, pause in commands:
                lines.append((now, f'<tspan style="fill:#7ee787">$</tspan> {html.escape(command)}'))
                said, took = run(command)
                now += max(took, 0.3)
                lines += [(now, spans(line)) for line in said]
                lines.append((now, ""))
                time.sleep(pause)
                now += pause
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(30)
    finally:
        shutil.rmtree(folder)
    write(lines, now)


def write(lines, whole):
    height, width = 18 * len(lines) + 40, 8.43 * columns + 40
    rows = "\n".join(
        f'<text x="20" y="{38 + 18 * row}" style="animation-delay:{at:.1f}s">{text}</text>' for row, (at, text) in enumerate(lines) if text)
    (here / "terminal.svg").write_text(f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" role="img">
<title>damctl at work, {whole:.0f} seconds</title>
<style>
text {{ font: 14px "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #e6edf3; white-space: pre; }}
@media (prefers-reduced-motion: no-preference) {{ text {{ animation: come 0.1s both; }} @keyframes come {{ from {{ opacity: 0; }} to {{ opacity: 1; }} }} }}
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
{rows}
</svg>
""", encoding="utf-8")


main()
