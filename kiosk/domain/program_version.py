"""Which of two versions of this program is the older one (PEP 440)."""


def older(version: str, least: str) -> bool:
    """Whether a version is older than the least one that is wanted: 0.9 than 0.10, 1.0rc1 than 1.0, not 1.0 than 1.0.0.

    What is no version, on either side, hinders nobody.
    """
    if least == "0":
        return False
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - every start comes by, few need it

    try:
        return Version(version) < Version(least)
    except InvalidVersion:
        return False
