"""Human beings and their accounts."""
from models.people.account import Grant, Role, User, find_account, holders, load
from models.people.person import FormerDocument, Person, kind_of

__all__ = ["FormerDocument", "Grant", "Person", "Role", "User", "find_account", "holders", "kind_of", "load"]
