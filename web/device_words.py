"""What a device is called: its browser and its system."""

_BROWSERS = ("Edg", "OPR", "YaBrowser", "Firefox", "Chrome", "Safari", "curl")
_CALLED = {"Edg": "Edge", "OPR": "Opera", "YaBrowser": "Yandex Browser"}
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


def device_name(agent: str) -> str:
    """A browser and its system, from what it says of itself."""
    browser = next((one for one in _BROWSERS if one in agent), "")
    system = next((one for one in _SYSTEMS if one in agent), "")
    parts = [_CALLED.get(browser, browser), system]
    return ", ".join(filter(None, parts)) or agent[:40] or "?"
