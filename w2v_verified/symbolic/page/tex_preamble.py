r"""What every page in LaTeX begins with: packages of any TeX distribution, and the commands that pages are written in.

``\piece`` sets a part of a formula, made smaller if it is wider than a line; ``\more`` one that may begin a new line;
``\apart`` is where a line may end, however short it is then.
"""

__all__ = ["PREAMBLE"]

PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage{amsmath,amssymb,array,longtable,graphicx}
\usepackage[margin=2cm]{geometry}
\usepackage[hidelinks]{hyperref}
\hypersetup{colorlinks=true,linkcolor=blue,urlcolor=blue}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5\baselineskip}
\setlength{\LTleft}{0pt}
\setlength{\LTpre}{0.3\baselineskip}
\setlength{\LTpost}{0.3\baselineskip}
\setlength{\emergencystretch}{12em}
\tolerance=2000
\setlength{\tabcolsep}{4pt}
\renewcommand{\arraystretch}{1.3}
\newcolumntype{L}[1]{>{\raggedright\arraybackslash\hyphenpenalty10000\hspace{0pt}}p{#1}}
\newsavebox{\piecebox}
\newlength{\pieceroom}
\newcommand{\fitted}[1]{\sbox{\piecebox}{$\displaystyle #1$}%
  \ifdim\wd\piecebox>\pieceroom\airy{\resizebox{\pieceroom}{!}{\usebox{\piecebox}}}\else\airy{\usebox{\piecebox}}\fi}
\newcommand{\airy}[1]{\raisebox{0pt}[\dimexpr\height+2pt\relax][\dimexpr\depth+2pt\relax]{#1}}
\newcommand{\piece}[1]{\setlength{\pieceroom}{\linewidth}\fitted{#1}}
\newcommand{\more}[1]{\penalty0\hspace{0pt}\setlength{\pieceroom}{\dimexpr\linewidth-1.5em\relax}\fitted{{}#1}}
\newcommand{\apart}{\hfil\penalty0\hfilneg}
\newcommand{\pagetitle}[1]{{\LARGE\bfseries #1\par}}
\newcommand{\beside}{\hspace{1em}\penalty0\hspace*{\fill}}
\newcommand{\rules}[1]{\textsf{\footnotesize #1}\enspace}
\newcommand{\hanging}{\hangindent=1.5em\hangafter=1\relax}
\newenvironment{shown}{\par\begingroup\addtolength{\leftskip}{1.5em}\addtolength{\linewidth}{-1.5em}%
  \raggedright\hanging\relax}{\par\endgroup}
\newcommand{\unknown}[1]{\texttt{\footnotesize\textless{}U+#1\textgreater{}}}
"""
