//! Scripts whose letters are mistaken for those of another. One word is written in one of them.

/// A script with letters that look like Latin ones, and Latin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    Coptic,
    Lisu,
    /// Latin letters and digits as wide as ideographs.
    Fullwidth,
}

impl Script {
    /// The script of a letter; `None` for what every script uses, and for scripts nobody takes for Latin.
    pub(super) fn of(c: char) -> Option<Self> {
        Some(match c {
            'a'..='z'
            | 'A'..='Z'
            | '\u{aa}'
            | '\u{ba}'
            | '\u{c0}'..='\u{2af}'
            | '\u{1e00}'..='\u{1eff}'
            | '\u{2c60}'..='\u{2c7f}'
            | '\u{a720}'..='\u{a7ff}' => Self::Latin,
            '\u{370}'..='\u{3e1}' | '\u{3f0}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Greek,
            '\u{3e2}'..='\u{3ef}' | '\u{2c80}'..='\u{2cff}' => Self::Coptic,
            '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{a640}'..='\u{a69f}' => {
                Self::Cyrillic
            }
            '\u{531}'..='\u{58f}' => Self::Armenian,
            '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => Self::Cherokee,
            '\u{a4d0}'..='\u{a4ff}' => Self::Lisu,
            '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => {
                Self::Fullwidth
            }
            _ => return None,
        })
    }

    /// What it is called.
    const fn name(self) -> &'static str {
        match self {
            Self::Latin => "Latin",
            Self::Greek => "Greek",
            Self::Cyrillic => "Cyrillic",
            Self::Armenian => "Armenian",
            Self::Cherokee => "Cherokee",
            Self::Coptic => "Coptic",
            Self::Lisu => "Lisu",
            Self::Fullwidth => "wide",
        }
    }

    /// Whether a letter exists only to look like others: the bold, script and gothic ones of mathematics, Roman
    /// numerals, letters and numbers in circles.
    pub(super) const fn imitates(c: char) -> bool {
        matches!(c, '\u{1d400}'..='\u{1d7ff}' | '\u{1f130}'..='\u{1f189}'
            | '\u{2160}'..='\u{2188}' | '\u{2460}'..='\u{24ff}')
    }

    /// Whether every letter that a text has of this script looks like a Latin one. Hardly a text is written so by
    /// chance, and a word of it is read as a Latin one.
    pub(super) fn is_disguise(self, text: &str) -> bool {
        self != Self::Latin
            && text.chars().filter(|c| Self::of(*c) == Some(self)).all(|c| self.looks_latin(c))
    }

    /// Whether a letter of this script looks like a Latin one, after the confusables of Unicode (UTS 39).
    fn looks_latin(self, c: char) -> bool {
        match self {
            Self::Latin | Self::Coptic => false,
            Self::Lisu | Self::Fullwidth => true,
            Self::Greek => "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορσυχϲϳ".contains(c),
            Self::Cyrillic => "АВЕЅІЇЈКМНОРСТУХҮԚԜӀаеѕіїјкорсухԁӏһԛԝѵүҽ".contains(c),
            Self::Armenian => "ՍՕԼօոսցհզքյգք".contains(c),
            Self::Cherokee => "ᎠᎡᎢᎪᎫᎬᎩᎳᎷᎻᏀᏃᏆᏚᏒᏞᏢᏟᏙᏔᏦᏴᎽᏂᏎ".contains(c),
        }
    }
}

/// The mark of an address that a sign looks like and is not: a reader takes `bank.com⁄x` for a place at `bank.com`.
pub(super) const fn imitated_mark(c: char) -> Option<char> {
    Some(match c {
        '\u{2044}' | '\u{2215}' | '\u{29f8}' | '\u{2571}' | '\u{ff0f}' | '\u{2f03}'
        | '\u{2afd}' | '\u{1735}' => '/',
        '\u{2216}' | '\u{29f5}' | '\u{29f9}' | '\u{fe68}' | '\u{ff3c}' => '\\',
        '\u{2024}' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}' | '\u{fe52}' | '\u{701}' | '\u{702}' => {
            '.'
        }
        '\u{2236}' | '\u{a789}' | '\u{ff1a}' | '\u{fe55}' | '\u{5c3}' | '\u{589}' => ':',
        '\u{ff20}' | '\u{fe6b}' => '@',
        '\u{ff1f}' | '\u{fe56}' => '?',
        '\u{ff03}' | '\u{fe5f}' => '#',
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        _ => return None,
    })
}

/// Whether a sign looks like a mark of an address, and is none.
pub(crate) const fn imitates_mark(c: char) -> bool {
    imitated_mark(c).is_some()
}

/// The script of a name that is written, whole or in part, in letters that can be taken for Latin ones.
pub fn foreign_script(name: &str) -> Option<&'static str> {
    name.chars().filter_map(Script::of).find(|script| *script != Script::Latin).map(Script::name)
}
