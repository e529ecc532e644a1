"""Sets of roles that routes and access rules speak of."""

from banso.base.models import Role

ADMINS = frozenset({Role.ADMIN})
MANAGERS = frozenset({Role.ADMIN, Role.MANAGER})
WRITERS = frozenset({Role.ADMIN, Role.MANAGER, Role.SUCCESS})
READERS = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()
