"""How to send a first event, to be copied as it stands: with the key and the address in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from banso.ingest.models import WriteKey

YOURS = "YOUR_WRITE_KEY"

CURL = """\
curl -u {key}: {address}/v1/track -d '{{
  "userId": "user-1", "event": "Report created",
  "properties": {{"rows": 120}}, "context": {{"groupId": "account-1"}}
}}'"""

PYTHON = """\
# pip install segment-analytics-python
import segment.analytics as analytics

analytics.write_key = "{key}"
analytics.host = "{address}"
analytics.track(
    "user-1", "Report created", {{"rows": 120}}, context={{"groupId": "account-1"}}
)
analytics.shutdown()"""

NODE = """\
// npm install @segment/analytics-node
import {{ Analytics }} from "@segment/analytics-node";

const analytics = new Analytics({{ writeKey: "{key}", host: "{address}" }});
analytics.track({{
  userId: "user-1", event: "Report created",
  properties: {{ rows: 120 }}, context: {{ groupId: "account-1" }},
}});
await analytics.closeAndFlush();"""

BROWSER = """\
<script>
  const visitor = localStorage.visitor ??= crypto.randomUUID();
  fetch("{address}/v1/track", {{
    method: "POST", keepalive: true,
    body: JSON.stringify({{
      writeKey: "{key}", anonymousId: visitor, messageId: crypto.randomUUID(),
      timestamp: new Date().toISOString(), event: "Report created",
    }}),
  }});
</script>"""

SERVER_WORDS = (("curl", CURL), ("Python", PYTHON), ("Node.js", NODE))


@dataclass(frozen=True)
class Snippet:
    """`whole` says that it holds a real key and works as it stands."""

    name: str
    text: str
    whole: bool


def snippets(keys: Sequence[WriteKey], address: str, secret: str) -> list[Snippet]:
    """A server's key is known only when it was just made; a browser's always."""
    public = [each for each in keys if each.is_public and each.revoked_at is None]
    server = secret if secret and all(each.shown != secret for each in public) else ""
    browser = public[-1].shown if public else ""
    chosen = [(name, text, server) for name, text in SERVER_WORDS]
    chosen.append(("HTML", BROWSER, browser))
    return [
        Snippet(name, text.format(key=key or YOURS, address=address), bool(key))
        for name, text, key in chosen
    ]
