"""The pages, and the whole chat by plain forms for a browser without scripts."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from bot.pages.assets import Pages
from bot.pages.doorway import Doorway
from bot.pages.errors import Refused
from bot.pages.settings import WebSettings
from bot.pages.shown import Bubble, Typesetter
from bot.pages.wire import NewConversation, NewMessage

Message = Callable[..., str]
SEE_OTHER = 303


class Forms:
    """The cookie that holds the chat's token, and the marks that prove a form came from our own page."""

    def __init__(self, settings: WebSettings) -> None:
        self._key = settings.secret.encode()
        self._is_https = settings.is_https
        self._host = urlsplit(settings.public_url).netloc
        self._cookie = "__Host-chat" if settings.is_https else "chat"

    def token_of(self, request: Request) -> str:
        return request.cookies.get(self._cookie, "")

    def keep(self, response: Response, token: str) -> None:
        """Keep the token until the browser is closed."""
        response.set_cookie(self._cookie, token, path="/", httponly=True, secure=self._is_https, samesite="strict")

    def drop(self, response: Response) -> None:
        response.delete_cookie(self._cookie, path="/", httponly=True, secure=self._is_https, samesite="strict")

    def mark(self, token: str) -> str:
        return self._sign("form", token)

    def check(self, request: Request, form: FormData, token: str) -> None:
        """Raises `Refused` for a form that another site sent."""
        self.check_origin(request)
        if not hmac.compare_digest(_field(form, "mark"), self.mark(token)):
            raise Refused("not_from_here")

    def check_origin(self, request: Request) -> None:
        """Raises `Refused` where the browser says that another site sent this.

        Our pages send no referrer, so an honest browser gives `null` as the origin of a form.
        """
        site = request.headers.get("sec-fetch-site", "same-origin")
        origin = request.headers.get("origin", "null")
        own = {request.headers.get("host", ""), self._host}
        if site not in ("same-origin", "none") or (origin != "null" and urlsplit(origin).netloc not in own):
            raise Refused("not_from_here")

    def message_id(self, form: FormData) -> str:
        """Return the same id for the same form sent twice, and another where its words were changed."""
        said = [f"{name}={value}" for name, value in form.multi_items() if isinstance(value, str)]
        return "form-" + self._sign("message", *said)[:32]

    def _sign(self, *parts: str) -> str:
        whole = b"\0".join(part.encode("utf-8", "replace") for part in parts)
        return hmac.new(self._key, whole, hashlib.sha256).hexdigest()


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _message(form: FormData, message_id: str) -> NewMessage:
    """Read a form as one message. Raises `Refused`."""
    prompt = _field(form, "prompt")
    several = [value for value in form.getlist("choices") if isinstance(value, str)]
    done = "done" in form
    try:
        return NewMessage(
            id=message_id,
            text=_field(form, "text").replace("\r\n", "\n") or None,
            choice=_field(form, "choice") or None,
            choices=several if done and not _field(form, "text").strip() else None,
            prompt=int(prompt) if prompt.isascii() and prompt.isdigit() and len(prompt) < 16 else None,
        )
    except ValidationError:
        raise Refused("not_understood", {"detail": "your answer"}) from None


def _new(audience: str, language: str) -> NewConversation:
    """A link's words are only a hint: what we do not know is left out."""
    try:
        return NewConversation.model_validate({"audience": audience or None, "language": language or None})
    except ValidationError:
        return NewConversation()


class ChatPage:
    """Shows one conversation as a page of forms."""

    def __init__(self, doorway: Doorway, pages: Pages, forms: Forms, typesetter: Typesetter) -> None:
        self._doorway = doorway
        self._pages = pages
        self._forms = forms
        self._typesetter = typesetter

    async def show(
        self,
        request: Request,
        conversation: str,
        token: str,
        *,
        earlier: bool = False,
        error: str = "",
        draft: str = "",
        status: int = 200,
    ) -> Response:
        """Show what came last; all of it only where asked, because another person may hold the phone now."""
        exchange = await self._doorway.front_door.read_back(conversation)
        messages = exchange.messages
        last = max((n for n, m in enumerate(messages) if m.speaker == "person"), default=0)
        shown = messages if earlier else messages[last:]
        return self._pages.render(
            request,
            "chat.html",
            status,
            secret=True,
            bubbles=[self._typesetter.set(message) for message in shown],
            more=len(shown) < len(messages),
            expects=exchange.expects,
            hint_shown=any(exchange.expects.hint in message.text for message in shown),
            mark=self._forms.mark(token),
            nonce=secrets.token_urlsafe(12),
            error=error,
            draft=draft,
        )


def plain_pages(
    doorway: Doorway, pages: Pages, settings: WebSettings, typesetter: Typesetter, words: Message, exit_url: str
) -> APIRouter:
    router = APIRouter(include_in_schema=False, default_response_class=Response)
    forms = Forms(settings)
    chat = ChatPage(doorway, pages, forms, typesetter)

    async def opened(request: Request) -> tuple[str, str] | None:
        token = forms.token_of(request)
        conversation = await doorway.opened_by(request, token) if token else None
        return None if conversation is None else (conversation, token)

    def start_again() -> Response:
        response = RedirectResponse("/", SEE_OTHER)
        forms.drop(response)
        return response

    def ended(request: Request, told: list[Bubble]) -> Response:
        response = pages.render(request, "ended.html", secret=True, told=told)
        forms.drop(response)
        return response

    @router.get("/")
    async def start(request: Request) -> Response:
        query = request.query_params
        language = query.get("language", "")
        new = _new(query.get("as", "").replace("-", "_"), language)
        return pages.render(
            request,
            "start.html",
            audience=new.audience or "",
            language=new.language or "",
            kept=bool(forms.token_of(request)),
            mark=forms.mark(forms.token_of(request)),
        )

    @router.post("/chat/begin")
    async def begin(request: Request) -> Response:
        forms.check_origin(request)
        form = await request.form()
        exchange, token = await doorway.begin(request, _new(_field(form, "audience"), _field(form, "language")))
        if _field(form, "ask") == "person":
            message = NewMessage(id=forms.message_id(form), choice="person")
            await doorway.hear(request, exchange.conversation, message)
        response = RedirectResponse("/chat", SEE_OTHER)
        forms.keep(response, token)
        return response

    @router.get("/chat")
    async def chat_page(request: Request) -> Response:
        found = await opened(request)
        if found is None:
            return start_again()
        return await chat.show(request, *found, earlier=request.query_params.get("earlier") == "1")

    @router.post("/chat")
    async def say(request: Request) -> Response:
        found = await opened(request)
        if found is None:
            raise Refused("chat_closed")
        conversation, token = found
        form = await request.form()
        forms.check(request, form, token)
        try:
            heard = await doorway.hear(request, conversation, _message(form, forms.message_id(form)))
        except Refused as refused:
            return await chat.show(
                request,
                conversation,
                token,
                error=words(refused.code, **refused.values),
                draft=_field(form, "text"),
                status=429 if refused.code == "too_many" else 422,
            )
        if heard.closed:  # the last words of it: nobody can ask for them again
            return ended(request, [typesetter.set(message) for message in heard.messages])
        return RedirectResponse("/chat#latest", SEE_OTHER)

    @router.post("/chat/clear")
    async def clear(request: Request) -> Response:
        token = forms.token_of(request)
        forms.check(request, await request.form(), token)
        found = await opened(request)
        if found is not None:
            await doorway.front_door.forget(found[0])
        return start_again()

    @router.get("/exit")
    async def leave() -> Response:
        """Close the chat on this device and go elsewhere, whatever else fails."""
        response = RedirectResponse(exit_url, SEE_OTHER)
        forms.drop(response)
        return response

    for path, template in (
        ("/staying-safe", "staying-safe.html"),
        ("/privacy", "privacy.html"),
        ("/accessibility", "accessibility.html"),
    ):
        _add_page(router, pages, path, template)
    return router


def _add_page(router: APIRouter, pages: Pages, path: str, template: str) -> None:
    @router.get(path)
    async def page(request: Request) -> Response:
        return pages.render(request, template)
