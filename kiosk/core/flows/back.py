"""Where `back` leads from each page; what was entered stays."""

from kiosk.core.state import (
    Check,
    ConsentPage,
    Form,
    Guide,
    Identify,
    Keypad,
    NoticePage,
    Page,
    Services,
    State,
    StatusPage,
    TimeoutPage,
    Welcome,
)


def before(state: State) -> Page:  # noqa: C901, PLR0911 - one case a page
    """The page that `back` shows; a page without a way back gives itself."""
    match state.page:
        case Keypad(then=then):
            return Identify(then=then)
        case Identify(then=str(service)):
            return Guide(service)
        case Identify() | StatusPage():
            return Welcome()
        case Services(category=None):
            return Welcome()
        case Services():
            return Services()
        case Guide(service=code):
            found = state.catalogue.service(code)
            return Services(found.category if found else None)
        case Form(service=code, changing=True):
            return Check(code)
        case Form(service=code, index=0):
            return Guide(code)
        case Form(service=code, index=index):
            return _question(state, code, index - 1)
        case ConsentPage(service=code) | Check(service=code):
            return _last_before(state, code)
        case NoticePage(back=page):
            return page
        case TimeoutPage(under=page):
            return page
    return state.page


def _last_before(state: State, code: str) -> Page:
    if isinstance(state.page, Check):
        return ConsentPage(code)
    service = state.catalogue.service(code)
    if service is None or not service.fields:
        return Guide(code)
    return _question(state, code, len(service.fields) - 1)


def _question(state: State, code: str, index: int) -> Page:
    service = state.catalogue.service(code)
    if service is None:
        return Guide(code)
    return Form(code, index, typed=state.session.answers.get(service.fields[index].name, ""))
