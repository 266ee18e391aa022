"""Write the schema of the report down, where it ships and where it is published."""

from pathlib import Path

from chorus.report.document import NAME, schema_text


def main() -> None:
    here = Path(__file__).parent
    for folder in (here, here.parents[2] / "docs" / "reference"):
        (folder / f"{NAME}.schema.json").write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
