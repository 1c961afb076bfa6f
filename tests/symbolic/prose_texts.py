"""Texts as people write them, with all that has a meaning in Markdown or in LaTeX, and letters of any alphabet."""

from hypothesis import strategies as st

MARKS = (*r"_%&#~^\{}$`*[]()|<>-,'!?", '"', "--", "<<", "?`", ",,", "^^M", "$$", "**", "***", "``", "\\\\")
LETTERS = (
    *(
        "ŷ",
        "x\u0302",
        "λ",
        "Ω",
        "ά",
        "ϕ",
        "ß",
        "Å",
        "ø",
        "中",
        "字",
        "🙂",
        "é\u0304",
        "\u0301",
        "½",
        "x²",
        "ﬁ",
        "𝒙",
    ),
    *("≤", "∑", "→", "\u00a0", "\u2028", "\u200b", "\u0000", "\ufffd"),
)
CODE = (
    "`a_b%`",
    "`x[i] ** 2 | y`",
    "`\\\\n{}`",
    "`ŷ`",
    "```\nc_d % #\n\n  $x\n```",
    "```python\nnever closed",
)
EMPHASIS = ("*so*", "**very**", "**$x$ so**", "*[a](b)*", "a * b * c", "2*x*y")
LINKS = (
    "[here](https://a.b/c?d=1%20&e=f#g_h~i)",
    "[a_b](naive_softmax.md)",
    "[the code](#code)",
    "[gone](#nowhere)",
    "[x](a\\b{c}^中)",
    "[0]",
    "[](a)",
)
FORMULAS = (
    *(
        r"$\frac{a}{b}$",
        r"$x_1^2$",
        "$\\hat y_{w}$",
        "$`\\lvert V\\rvert`$",
        "$x'$",
        r"$\frac12$",
        "$ŷ + 中$",
    ),
    *(r"$\begin{cases}a & b\\ c & d\end{cases}$", r"$\left(\sum_i x_i\right)$", r"$\text{so_so}$", "$a<b$"),
    *("$$\\sum_{i} x_{i}$$", "so $$x = y$$ it is", "$\\alpha x$", r"$\mathbf 1^{\top}$", r"$\sqrt{2}$"),
)
NO_FORMULAS = (
    *(
        r"$\input{x}$",
        "$a^b^c$",
        r"$\left($",
        "$#$",
        "$%$",
        "$a & b$",
        r"$\frac$",
        "$x_$",
        "$}{$",
        "${$",
        r"$\\$",
    ),
    *(
        r"$\nosuchcommand$",
        r"$\begin{document}$",
        r"$\end{document}$",
        r"$\right)$",
        r"$\text{$",
        "$x^{'}'$",
        "$\\$",
    ),
    *(
        r"$\def\x{}$",
        r"$\begin{cases}a & b & c\end{cases}$",
        "$_$",
        "$x''^2'$",
        r"$\left x\right)$",
        r"$\$",
        "$~$",
    ),
)
BLOCKS = (
    "\n",
    "\n\n",
    "\n\n- one\n- two\n\n",
    "\n\n# A heading\n\n",
    "\n\n| a | b |\n|---|---|\n| c_d | $x$ |\n\n",
)
LONG = ("a" * 300, "https://" + "b/" * 100, "`" + "c" * 300 + "`", "中" * 60)
PLAIN = ("word", "words of prose", " ", "1", ".")

pieces = st.one_of(
    *(
        st.sampled_from(kind)
        for kind in (MARKS, LETTERS, CODE, EMPHASIS, LINKS, FORMULAS, NO_FORMULAS, BLOCKS)
    ),
    st.sampled_from((*PLAIN, *LONG)),
    st.text(max_size=5),
)
texts = st.lists(pieces, max_size=12).map("".join)
"""Prose of several paragraphs."""
lines = texts.map(lambda text: " ".join("".join(c for c in text if c.isprintable() or c == " ").split()))
"""Prose of one line, without what a definition refuses."""
