"""A municipality brings its own tokens, and nothing else."""

import shutil

from api.conftest import served
from integralie.api.theme import css


def test_only_named_values_are_taken_over():
    text = """/* Huisstijl { --itg-color-accent: red; } */
      .gemeente { --itg-color-accent: #004699; --utrecht-button-border-radius: 0; color: red; --other: 1;
        --itg-font-family: 'Amsterdam Sans', sans-serif; --itg-color-ink: url(https://elders.example/x); } body { display: none }
      @import 'https://elders.example/a.css'; --itg-space-1: 1px; } </style><script>alert(1)</script>"""
    made = css(text)
    assert (
        "--itg-color-accent: #004699;" in made
        and "--utrecht-button-border-radius: 0;" in made
        and "'Amsterdam Sans'" in made
    )
    assert made.startswith("body.itg-theme {") and made.count("{") == made.count("}") == 1
    assert not [w for w in ("elders", "display", "--other", "color: red", "script", "import", "url") if w in made]
    assert css("body { color: red }") == css("") == ""


def test_the_theme_beside_the_study_is_served_and_without_one_there_is_none(town_file, tmp_path):
    path = shutil.copy(town_file, tmp_path / "town.gpkg")
    with served(path) as client:
        assert client.get("/theme.css").text == "" and client.get("/theme.css").headers["content-type"].startswith(
            "text/css"
        )
        (tmp_path / "theme.css").write_text(":root { --itg-color-accent: #004699; }")
        got = client.get("/theme.css")
        assert "#004699" in got.text and got.headers["x-content-type-options"] == "nosniff"
        assert "/theme.css" in client.get("/").text
