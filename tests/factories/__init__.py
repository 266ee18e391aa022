"""The plainest valid object of each kind. What a test is about, the test says itself."""

from tests.factories.access import *  # noqa: F403 -- a factory is written in one place only
from tests.factories.after import *  # noqa: F403 -- a factory is written in one place only
from tests.factories.exchange import *  # noqa: F403 -- a factory is written in one place only
from tests.factories.federation import *  # noqa: F403 -- a factory is written in one place only
from tests.factories.incidents import *  # noqa: F403 -- a factory is written in one place only
from tests.factories.plans import *  # noqa: F403 -- a factory is written in one place only
from tests.factories.plans_documents import *  # noqa: F403 -- a factory is written in one place only
from tests.factories.plans_money import *  # noqa: F403 -- a factory is written in one place only
from tests.factories.speaking import *  # noqa: F403 -- a factory is written in one place only
