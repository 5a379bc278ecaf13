"""The colours of the terminal, by what they mean; which exactly is the terminal's own affair."""

from prompt_toolkit.styles import Style

STYLE = Style.from_dict(
    {
        "time": "ansibrightblack",
        "quiet": "ansibrightblack",
        "day": "ansibrightblack",
        "room": "ansicyan",
        "error": "ansired",
        "offline": "ansired bold",
        "prompt": "bold",
        "bottom-toolbar": "noreverse ansibrightblack",
        "front": "bold underline",
        "unread": "ansiyellow bold",
        "mention": "ansiyellow bold",
    }
)
