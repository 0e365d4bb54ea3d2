//! Hostile, broken and unusual XML.

mod common;

use comity_iso20022::*;
use common::*;
use expect_test::{Expect, expect};
use std::io::Read;

fn good() -> String {
    inbound_samples().remove(0).1
}

fn answer(input: &[u8], expect: &Expect) {
    let told = told(input);
    expect.assert_eq(&told);
    assert_eq!(streamed(input, 1, &Options::default()), told, "a stream is read like a slice");
}

/// A stream that gives `size` bytes at a time.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.1.min(buffer.len()).min(self.0.len());
        let (now, later) = self.0.split_at(length);
        buffer[..length].copy_from_slice(now);
        self.0 = later;
        Ok(length)
    }
}

fn streamed(input: &[u8], size: usize, options: &Options) -> String {
    // The lines of `told`, from a stream: written once more here so that both ways are compared as a whole.
    let mut told = String::new();
    let problem = |p: &Problem| {
        let value = if p.value.is_empty() { String::new() } else { format!(" \"{}\"", p.value) };
        format!("{} {} {}:{value} {}\n", p.reason, p.rule, p.field, p.message)
    };
    read_stream(Pieces(input, size), options, |part| match part {
        Part::Header(h) => told.push_str(&format!("{} {}\n", h.name, h.message_id)),
        Part::Transaction(line) => match line.outcome {
            Ok(_) => {
                let range = line.bytes.start as usize..line.bytes.end as usize;
                assert_eq!(line.raw, &input[range], "the bytes are those of the input");
                told.push_str(&format!("  {} accepted\n", line.index));
            }
            Err(problems) => {
                for p in problems {
                    told.push_str(&format!("  {} {}", line.index, problem(p)));
                }
            }
        },
        Part::End(end) => {
            told.push_str(&format!("end of {}, {} refused\n", end.transactions, end.refused));
            for p in end.problems {
                told.push_str(&format!("  {}", problem(p)));
            }
        }
        Part::Refused(refused) => {
            for p in refused.problems {
                told.push_str(&format!("refused: {}", problem(p)));
            }
        }
    })
    .expect("a slice does not fail");
    told
}

#[test]
fn document_types_and_entities_are_refused() {
    let with_type = good().replacen("<Document", "<!DOCTYPE Document [<!ENTITY a \"b\">]><Document", 1);
    answer(
        with_type.as_bytes(),
        &expect![[r#"
        refused: FF01 xml-doctype : a document type declaration is not accepted
    "#]],
    );
    let entity = good().replacen("CONTRACT-1", "&lol;", 1);
    answer(
        entity.as_bytes(),
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
        refused: FF01 xml-entity CdtTrfTxInf/PmtId/EndToEndId: the entity lol is not predefined
    "#]],
    );
    let laughs = format!("<!DOCTYPE l [<!ENTITY a \"{}\">]><l>&a;</l>", "&b;".repeat(1_000));
    answer(
        laughs.as_bytes(),
        &expect![[r#"
        refused: FF01 xml-doctype : a document type declaration is not accepted
    "#]],
    );
}

#[test]
fn limits_hold() {
    let deep = "<a>".repeat(100_000);
    answer(
        deep.as_bytes(),
        &expect![[r#"
        refused: FF01 limit : elements are nested deeper than the limit of 64
    "#]],
    );
    let attributes: String = (0..100).map(|n| format!(" a{n}=\"\"")).collect();
    answer(
        format!("<a{attributes}/>").as_bytes(),
        &expect![[r#"
        refused: FF01 limit : an element exceeds the limit of 16 attributes
    "#]],
    );
    let long = format!("<a b=\"{}\"/>", "x".repeat(100_000));
    answer(
        long.as_bytes(),
        &expect![[r#"
        refused: FF01 limit : a tag exceeds the limit of 8192 bytes
    "#]],
    );
    let name = format!("<{}/>", "x".repeat(100_000));
    answer(
        name.as_bytes(),
        &expect![[r#"
        refused: FF01 limit : a tag exceeds the limit of 8192 bytes
    "#]],
    );
    let comment = format!("<a><!--{}--></a>", "x".repeat(100_000));
    answer(
        comment.as_bytes(),
        &expect![[r#"
        refused: FF01 limit : a comment exceeds the limit of 16384 bytes
    "#]],
    );
    // One long text costs its own transaction, and the next is read.
    let text = good().replacen("machine parts", &"x".repeat(100_000), 1);
    answer(
        text.as_bytes(),
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 limit CdtTrfTxInf/RmtInf/Ustrd: exceeds the limit of 16384 bytes
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    let blanks = good().replacen("<PmtId>", &format!("<PmtId>{}", " ".repeat(300_000)), 1);
    answer(
        blanks.as_bytes(),
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 FF01 limit CdtTrfTxInf/PmtId: the transaction exceeds the limit of 262144 bytes
              1 accepted
            end of 2, 1 refused
        "#]],
    );
    let few = Options { limits: Limits { transactions: 1, ..Limits::default() }, ..Options::default() };
    expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
        refused: FF01 limit : the message exceeds the limit of 1 transactions
    "#]]
    .assert_eq(&told_with(good().as_bytes(), &few));
    let small = Options { limits: Limits { input_bytes: 2_000, ..Limits::default() }, ..Options::default() };
    expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
        refused: FF01 limit CdtTrfTxInf/PmtTpInf: the input exceeds the limit of 2000 bytes
    "#]]
    .assert_eq(&told_with(good().as_bytes(), &small));
    assert_eq!(streamed(good().as_bytes(), 7, &small), told_with(good().as_bytes(), &small));
    let one = Options { limits: Limits { documents: 1, ..Limits::default() }, ..Options::default() };
    let body = good().replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "");
    let two = format!("<all>{body}{body}</all>");
    expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
        refused: FF01 limit : the input exceeds the limit of 1 documents
    "#]]
    .assert_eq(&told_with(two.as_bytes(), &one));
}

#[test]
fn encodings() {
    let marked = [b"\xEF\xBB\xBF", good().as_bytes()].concat();
    answer(
        &marked,
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
    "#]],
    );
    let mut invalid = good().into_bytes();
    let at = invalid.windows(10).position(|w| w == b"CONTRACT-2").expect("the second");
    invalid[at] = 0xFF;
    answer(
        &invalid,
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
        refused: FF01 xml-encoding CdtTrfTxInf/PmtId/EndToEndId: the byte 0xff is not UTF-8 here
    "#]],
    );
    answer(
        &[&good().as_bytes()[..600], &[0xC3]].concat(),
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
        refused: FF01 xml-encoding CdtTrfTxInf/PmtTpInf/LclInstrm/Prtry: the byte 0xc3 is not UTF-8 here
    "#]],
    );
    let latin = good().replacen("UTF-8", "ISO-8859-1", 1);
    answer(
        latin.as_bytes(),
        &expect![[r#"
        refused: FF01 xml-encoding : the XML declaration says ISO-8859-1; XML 1.0 in UTF-8 is read
    "#]],
    );
    answer(
        b"\xFF\xFE<\x00a\x00",
        &expect![[r#"
        refused: FF01 xml-encoding : the byte 0xff is not UTF-8 here
    "#]],
    );
}

#[test]
fn unusual_but_good() {
    let prefixed = good()
        .replace("</", "</q:")
        .replace('<', "<q:")
        .replace("<q:/q:", "</q:")
        .replace("<q:?", "<?")
        .replace(" xmlns=", " xmlns:q=");
    answer(
        prefixed.as_bytes(),
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
    "#]],
    );
    let decorated = good()
        .replacen("<PmtId>", "<!-- a comment --><?target data?><PmtId>\r\n\t", 1)
        .replacen(">CONTRACT-1<", "><![CDATA[CONTRACT]]>-&#49;<!-- cut --><", 1)
        .replacen("</PmtId>", "</PmtId  >", 1)
        .replacen("<IntrBkSttlmDt>2026-11-23<", "<IntrBkSttlmDt> 2026-11-23\n<", 1)
        .replacen(
            "xmlns=\"",
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation='a b' xmlns=\"",
            1,
        );
    answer(
        decorated.as_bytes(),
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
    "#]],
    );
    let mixed = good()
        .replacen("<PmtId>", "<z:PmtId xmlns:z=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\">", 1)
        .replacen("</PmtId>", "</z:PmtId>", 1);
    answer(
        mixed.as_bytes(),
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
    "#]],
    );
    let body = good().replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "");
    let nested = format!("<a><b>noise<c x='1'/>{body}</b>{body}</a>\n<!-- end -->\n");
    answer(
        nested.as_bytes(),
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
    "#]],
    );
}

#[test]
fn broken_markup() {
    for (from, to, expect) in [
        (
            "</PmtId>",
            "</PmtIt>",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf/PmtId: </PmtIt> stands where </PmtId> belongs
        "#]],
        ),
        (
            "<PmtId>",
            "<PmtId",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf: this start tag is not well-formed
        "#]],
        ),
        (
            "<PmtId>",
            "<PmtId a=1>",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf: an attribute is not well-formed
        "#]],
        ),
        (
            "<PmtId>",
            "<PmtId a='1' a='2'>",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf: an attribute is given twice
        "#]],
        ),
        (
            "<PmtId>",
            "<PmtId>]]>",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf/PmtId: "]]>" stands in text
        "#]],
        ),
        (
            "<PmtId>",
            "<PmtId>&#0;",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf/PmtId: the reference #0 is not a character
        "#]],
        ),
        (
            "<PmtId>",
            "<PmtId>&amp",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf/PmtId: '&' does not begin a reference
        "#]],
        ),
        (
            "<PmtId>",
            "<PmtId>\u{1}",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf/PmtId: the byte 0x01 begins a character that XML does not allow
        "#]],
        ),
        (
            "<PmtId>",
            "<u:PmtId>",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf: the prefix u is not declared
        "#]],
        ),
        (
            "<PmtId>",
            "<!-- a -- b --><PmtId>",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
            refused: FF01 xml-malformed CdtTrfTxInf: "--" stands in a comment
        "#]],
        ),
        (
            "</Document>",
            "</Document><again/>",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 accepted
              1 accepted
            end of 2, 0 refused
            refused: FF01 xml-malformed : a second root element
        "#]],
        ),
        (
            "</Document>",
            "</Document>text",
            expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 accepted
              1 accepted
            end of 2, 0 refused
            refused: FF01 xml-malformed : text stands outside of the root element
        "#]],
        ),
    ] {
        answer(good().replacen(from, to, 1).as_bytes(), &expect);
    }
    answer(
        b"",
        &expect![[r#"
        refused: FF01 xml-malformed : the input holds no element
    "#]],
    );
}

#[test]
fn a_message_cut_anywhere_never_panics_and_keeps_what_was_read() {
    let whole = good();
    let first_end = whole.find("</CdtTrfTxInf>").expect("an end") + "</CdtTrfTxInf>".len();
    for cut in 0..whole.trim_end().len() {
        let part = &whole.as_bytes()[..cut];
        let mut accepted = 0;
        let mut refused = 0;
        read(part, &Options::default(), |part| match part {
            Part::Transaction(line) => accepted += u32::from(line.outcome.is_ok()),
            Part::Refused(_) => refused += 1,
            Part::Header(_) | Part::End(_) => {}
        });
        assert_eq!(refused, 1, "cut at {cut}");
        assert!(cut < first_end || accepted >= 1, "cut at {cut}");
        if cut % 17 == 0 {
            assert_eq!(streamed(part, 5, &Options::default()), told(part), "cut at {cut}");
        }
    }
}

#[test]
fn a_flipped_byte_never_panics() {
    let whole = good().into_bytes();
    for at in 0..whole.len() {
        for with in [b'<', b'>', b'&', b'"', b' ', 0, 0xFF, b'0'] {
            let mut other = whole.clone();
            other[at] = with;
            let summary = read(&other, &Options::default(), |_| {});
            assert!(summary.documents > 0, "something is said about every input");
        }
    }
}

#[test]
fn streams_of_any_piece_size_tell_the_same() {
    for (_, sample) in inbound_samples() {
        let expected = told(sample.as_bytes());
        for size in [1, 2, 3, 7, 64, 1_000, 100_000] {
            assert_eq!(streamed(sample.as_bytes(), size, &Options::default()), expected);
        }
    }
}
