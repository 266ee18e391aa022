"""Who may do what with an item. Seeing is decided before, by `visible_to`."""

from tansiq.exchange.rules import agreements as agreements
from tansiq.exchange.rules import consultations as consultations
from tansiq.exchange.rules import delivery as delivery
from tansiq.exchange.rules import exports as exports
from tansiq.exchange.rules import federation as federation
from tansiq.exchange.rules import figures as figures
from tansiq.exchange.rules import groups as groups
from tansiq.exchange.rules import handling as handling
from tansiq.exchange.rules import items as items
from tansiq.exchange.rules import obligations as obligations
from tansiq.exchange.rules import retention as retention
