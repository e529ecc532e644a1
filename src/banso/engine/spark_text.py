"""The one text of measurements in Spark's words: sqlglot turns the dialect, and what it leaves as
it is (a whole match, the properties' JSON) or says slowly (days between days) is said here."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

PROPERTIES = "map<string, variant>"
"""What the column `properties` is for Spark: parsed once a row, its values of any kind."""

_KINDS = {"STRING": "VARCHAR", "VOID": "NULL"}


def in_spark(query: str) -> tuple[str, dict[str, list[str]]]:
    """A statement of measurements for Spark, and the views it reads: the files of each."""
    import sqlglot
    from sqlglot import expressions as exp

    tree = sqlglot.parse_one(query, read="duckdb")
    own = (exp.DateDiff, exp.RegexpFullMatch, exp.JSONExtractScalar, exp.JSONType)
    for node in list(tree.find_all(*own)):
        node.replace(_own(node))
    read: dict[str, list[str]] = {}
    for table in list(tree.find_all(exp.ReadParquet)):
        files = [path.name for path in table.find_all(exp.Literal)]
        name = next((name for name, mine in read.items() if mine == files), f"files{len(read)}")
        read[name] = files
        table.replace(exp.to_identifier(name))
    return tree.sql(dialect="spark"), read


def _own(node: "Expression") -> "Expression":
    from sqlglot import expressions as exp

    match node:
        case exp.DateDiff(this=until, expression=since):
            return exp.Anonymous(this="datediff", expressions=[until, since])
        case exp.RegexpFullMatch(this=text, expression=pattern):
            whole = exp.Literal.string(rf"^(?:{pattern.name})\z")
            return exp.RegexpLike(this=text, expression=whole)
        case exp.JSONExtractScalar(this=column, expression=pointer):
            return exp.cast(_value(column, pointer), exp.DataType.Type.TEXT)
        case exp.JSONType(this=column, expression=pointer):
            kind = exp.func("schema_of_variant", _value(column, pointer))
            return exp.Case(
                this=kind,
                ifs=[exp.If(this=_text(one), true=_text(other)) for one, other in _KINDS.items()],
                default=kind.copy(),
            )
    return node


def _value(column: "Expression", pointer: "Expression") -> "Expression":
    """The property that a JSON pointer of one step names, null where there is none."""
    from sqlglot import expressions as exp

    name = pointer.name.removeprefix("/").replace("~1", "/").replace("~0", "~")
    return exp.Anonymous(this="try_element_at", expressions=[column, _text(name)])


def _text(text: str) -> "Expression":
    from sqlglot import expressions as exp

    return exp.Literal.string(text)
