"""Makes filters: the same ones each time, over the attributes that the users of users.json have."""

import json
import random

CORE = "urn:ietf:params:scim:schemas:core:2.0:User:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:"
BADGE = "urn:example:params:scim:schemas:extension:badge:2.0:User:"

TEXT_OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
ORDER_OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le")
EQUALITY_OPERATORS = ("eq", "ne")

# What stands in a comparison: the operators of the type and values worth comparing with (RFC 7644 §3.4.2.2, Table 3).
TEXTS = {
    "userName": ["ada.lovelace@example.com", "jane", "@corp.example.net", ".org", "m", "Zoë", "e"],
    "name.givenName": ["Ada", "alan", "É", "K", "n", "ø", "Świętosław"],
    "name.familyName": ["O'Brien", "Knuth", "L", "son", "-"],
    "name.honorificPrefix": ["Dr.", "prof."],
    "displayName": ["Grace Hopper", "Ken", " ", "a"],
    "title": ["Engineer", "engineer", 'The "Boss"', "C:\\Tools", "C:\\", "Tab\tand newline\n", "Ingénieur", "/", ""],
    "userType": ["Employee", "contractor", "Em"],
    "locale": ["en-US", "DE-de", "-"],
    "externalId": ["ext-04", "Ext-03", "ext", "Ext", "1"],
    "profileUrl": ["https://people.example.com/alan", "https", "HTTPS", "example"],
    "emails.value": ["example.com", "home.example", "grace", "1@"],
    "emails.type": ["work", "HOME", "other"],
    "phoneNumbers.value": ["+1-555-0000", "+49", "-00", "2"],
    "phoneNumbers.type": ["mobile", "work"],
    "addresses.locality": ["Berlin", "oslo", "P"],
    "addresses.country": ["DE", "no"],
    "roles.value": ["admin", "READER", "aud"],
    f"{ENTERPRISE}employeeNumber": ["700", "742", "7", "8"],
    f"{ENTERPRISE}department": ["R&D", "sales", "Ops (EMEA)", "s"],
    f"{ENTERPRISE}costCenter": ["cc-1", "3"],
    f"{ENTERPRISE}manager.value": ["boss-1", "Boss-1", "boss"],
    f"{BADGE}code": ["Alpha", "alpha", "A", "eta"],
    f"{BADGE}tags": ["red", "GREEN", "e"],
    # These have no sub-attribute: the `value` is meant (RFC 7644, Figure 2).
    "emails": ["example.com", "grace", "@home"],
    "roles": ["admin", "auditor"],
    f"{ENTERPRISE}manager": ["boss-1", "2"],
    # The core schema's URN may stand before its attributes (§3.10).
    f"{CORE}userName": ["ada", "jane", "m"],
    f"{CORE}name.familyName": ["doe", "H"],
}
BOOLEANS = ("active", "emails.primary", "roles.primary", f"{BADGE}valid")
NUMBERS = {f"{BADGE}level": [-3, 0, 4, 5, 12], f"{BADGE}height": [1.5, 2, -0.25, 99.5, 1e2]}
# One instant in several spellings, and its neighbors.
TIMES = {
    f"{BADGE}issued": [
        "2024-01-31T23:30:00Z",
        "2024-02-01T00:30:00+01:00",
        "2024-02-01T00:00:00.000Z",
        "2023-06-15T08:00:00.500Z",
        "2025-12-24T23:00:00Z",
    ]
}
SCHEMAS = [ENTERPRISE[:-1], BADGE[:-1], "urn:ietf:params:scim:schemas:core:2.0:Group"]
PRESENCE = ("title", "displayName", "name", "name.honorificPrefix", "emails", "emails.display", "phoneNumbers", "addresses", "roles")
PRESENCE += (f"{ENTERPRISE}manager", f"{ENTERPRISE}costCenter", f"{BADGE}tags", f"{BADGE}issued", f"{CORE}locale")

# Not `name` nor `addresses`: without a `value`, comparing needs a sub-attribute, so those are refused (RFC 7644 §3.4.2.2).
UNASSIGNED = ("title", "displayName", "name.honorificPrefix", "emails", "emails.display", "phoneNumbers", "roles")
UNASSIGNED += (f"{ENTERPRISE}manager", f"{ENTERPRISE}costCenter", f"{BADGE}level", f"{BADGE}tags", f"{BADGE}issued", f"{CORE}locale")

# Value paths: an attribute with several values and what its elements have.
ELEMENTS = {
    "emails": {"value": ["example.com", "grace", "home.example"], "type": ["work", "Home", "other"], "display": ["home"]},
    "phoneNumbers": {"value": ["+1", "+49-30-0003", "9"], "type": ["mobile", "WORK", "fax"]},
    "addresses": {"locality": ["berlin", "Oslo"], "country": ["de", "NO", "FR"], "type": ["work", "home"]},
    "roles": {"value": ["admin", "reader", "auditor"], "type": ["extra"]},
    f"{CORE}emails": {"value": ["example.com", "corp"], "type": ["work", "home"]},
}
WITH_PRIMARY = ("emails", "roles")


def expressions(count, seed):
    """`count` different filters."""
    made = {}
    maker = _Maker(seed)
    while len(made) < count:
        made[maker.filter(maker.below(4))] = None
    return list(made)


class _Maker:
    def __init__(self, seed):
        self._random = random.Random(seed)

    def below(self, limit):
        # Of the module's generators only random() is promised to be the same in every version of Python.
        return int(self._random.random() * limit)

    def pick(self, choices):
        return list(choices)[self.below(len(choices))]

    def chance(self, percent):
        return self.below(100) < percent

    def filter(self, depth):
        """Without parentheses where the precedence is to decide: `not` before `and` before `or`."""
        kind = self.below(100)
        if depth == 0 or kind < 10:
            return self.term()
        if kind < 25:
            return f"{self.case('not')}{self.pick((' ', ''))}({self.filter(depth - 1)})"
        if kind < 45:
            return f"({self.filter(depth - 1)})"
        words = [self.filter(depth - 1)]
        for _ in range(1 + self.below(3)):
            words += [self.case(self.pick(("and", "or"))), self.filter(depth - 1)]
        return " ".join(words)

    def term(self):
        kind = self.below(100)
        if kind < 45:
            path = self.pick(TEXTS)
            return self.comparison(path, TEXT_OPERATORS, self.text(self.pick(TEXTS[path])))
        if kind < 53:
            return self.comparison(self.pick(BOOLEANS), EQUALITY_OPERATORS, self.pick(("true", "false")))
        if kind < 60:
            path = self.pick(NUMBERS)
            return self.comparison(path, ORDER_OPERATORS, json.dumps(self.pick(NUMBERS[path])))
        if kind < 67:
            path = self.pick(TIMES)
            return self.comparison(path, ORDER_OPERATORS, json.dumps(self.pick(TIMES[path])))
        if kind < 69:
            return self.comparison("schemas", ("eq",), json.dumps(self.pick(SCHEMAS)))
        if kind < 73:
            return self.comparison(self.pick(UNASSIGNED), EQUALITY_OPERATORS, "null")
        if kind < 81:
            return f"{self.case(self.pick(PRESENCE))} {self.case('pr')}"
        path = self.pick(ELEMENTS)
        return f"{self.case(path)}[{self.element_filter(path, self.below(3))}]"

    def element_filter(self, path, depth):
        kind = self.below(100)
        if depth and kind < 15:
            return f"{self.case('not')} ({self.element_filter(path, depth - 1)})"
        if depth:
            left, right = (self.element_filter(path, depth - 1) for _ in range(2))
            if kind < 25:
                left = f"({left})"
            return f"{left} {self.case('and' if kind < 75 else 'or')} {right}"
        if kind < 10 and path in WITH_PRIMARY:
            return self.comparison("primary", EQUALITY_OPERATORS, self.pick(("true", "false")))
        name = self.pick(ELEMENTS[path])
        if kind < 20:
            return f"{self.case(name)} {self.case('pr')}"
        return self.comparison(name, TEXT_OPERATORS, self.text(self.pick(ELEMENTS[path][name])))

    def comparison(self, path, operators, value):
        return f"{self.case(path)} {self.case(self.pick(operators))} {value}"

    def case(self, word):
        """Names and operators in any letter case (RFC 7643 §2.1, RFC 7644 §3.4.2.2)."""
        return self.pick((word, word, word.upper(), word.swapcase()))

    def text(self, text):
        """A JSON string, sometimes in another letter case, sometimes with more escapes than it needs."""
        if self.chance(30):
            text = self.pick((text.upper(), text.lower()))
        literal = json.dumps(text, ensure_ascii=self.chance(50))
        return literal.replace("/", "\\/") if self.chance(20) else literal
