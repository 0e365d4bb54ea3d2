//! A small writer of elements: enough to write messages in the styles that real senders use.
//!
//! Names come from this crate and are not checked; texts are escaped. Attributes are absent except where amounts need one.

/// Writes elements into a buffer, with a namespace prefix and indentation if asked for.
pub(super) struct Xml {
    out: Vec<u8>,
    prefix: &'static str,
    indented: bool,
    open: Vec<(&'static str, &'static str)>,
    /// Whether the innermost element has no content yet.
    empty: bool,
}

impl Xml {
    pub(super) fn new(indented: bool) -> Self {
        let mut out = Vec::with_capacity(4_096);
        out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        Self { out, prefix: "", indented, open: Vec::new(), empty: false }
    }

    /// Elements from here on have this prefix, such as `p:`.
    pub(super) fn set_prefix(&mut self, prefix: &'static str) {
        self.prefix = prefix;
    }

    fn new_line(&mut self) {
        if self.indented {
            self.out.push(b'\n');
            let width = self.out.len() + 2 * self.open.len();
            self.out.resize(width, b' ');
        }
    }

    fn start(&mut self, name: &str) {
        self.new_line();
        self.out.push(b'<');
        self.out.extend_from_slice(self.prefix.as_bytes());
        self.out.extend_from_slice(name.as_bytes());
    }

    fn end(&mut self, prefix: &str, name: &str) {
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(prefix.as_bytes());
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }

    /// Begins an element with elements inside.
    pub(super) fn open(&mut self, name: &'static str) {
        self.start(name);
        self.out.push(b'>');
        self.open.push((self.prefix, name));
        self.empty = true;
    }

    /// Begins the root of a message, which declares its namespace for its prefix.
    pub(super) fn open_root(&mut self, name: &'static str, namespace: &str) {
        self.start(name);
        self.out.extend_from_slice(b" xmlns");
        if let Some(prefix) = self.prefix.strip_suffix(':') {
            self.out.push(b':');
            self.out.extend_from_slice(prefix.as_bytes());
        }
        self.out.extend_from_slice(b"=\"");
        self.text(namespace);
        self.out.extend_from_slice(b"\">");
        self.open.push((self.prefix, name));
        self.empty = true;
    }

    /// Ends the innermost element.
    pub(super) fn close(&mut self) {
        if let Some((prefix, name)) = self.open.pop() {
            if !self.empty {
                self.new_line();
            }
            self.end(prefix, name);
            self.empty = false;
        }
    }

    /// Ends elements until so many are open.
    pub(super) fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            self.close();
        }
    }

    /// Number of elements that are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// An element with a text.
    pub(super) fn leaf(&mut self, name: &str, text: &str) {
        self.start(name);
        self.out.push(b'>');
        self.text(text);
        let prefix = self.prefix;
        self.end(prefix, name);
        self.empty = false;
    }

    /// An amount with its currency.
    pub(super) fn amount(&mut self, name: &str, currency: &str, amount: &str) {
        self.start(name);
        self.out.extend_from_slice(b" Ccy=\"");
        self.text(currency);
        self.out.extend_from_slice(b"\">");
        self.text(amount);
        let prefix = self.prefix;
        self.end(prefix, name);
        self.empty = false;
    }

    /// An element inside elements, with a text: `path(&["Id", "IBAN"], ...)`.
    pub(super) fn path(&mut self, names: &[&'static str], text: &str) {
        let depth = self.depth();
        if let Some((last, outer)) = names.split_last() {
            for name in outer {
                self.open(name);
            }
            self.leaf(last, text);
        }
        self.close_to(depth);
    }

    fn text(&mut self, text: &str) {
        let special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"');
        if !text.bytes().any(special) {
            self.out.extend_from_slice(text.as_bytes());
            return;
        }
        for byte in text.bytes() {
            match byte {
                b'&' => self.out.extend_from_slice(b"&amp;"),
                b'<' => self.out.extend_from_slice(b"&lt;"),
                b'>' => self.out.extend_from_slice(b"&gt;"),
                b'"' => self.out.extend_from_slice(b"&quot;"),
                other => self.out.push(other),
            }
        }
    }

    /// Ends what is open and hands out the bytes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.close_to(0);
        if self.indented {
            self.out.push(b'\n');
        }
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_both_styles() {
        let write = |indented| {
            let mut xml = Xml::new(indented);
            xml.set_prefix("p:");
            xml.open_root("Document", "urn:x");
            xml.path(&["A", "B"], "1 < 2 & 3");
            xml.amount("C", "CNY", "1.00");
            String::from_utf8(xml.finish()).expect("text")
        };
        assert_eq!(
            write(false),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><p:Document xmlns:p=\"urn:x\"><p:A><p:B>1 &lt; 2 &amp; 3</p:B></p:A><p:C Ccy=\"CNY\">1.00</p:C></p:Document>"
        );
        assert_eq!(
            write(true),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:Document xmlns:p=\"urn:x\">\n  <p:A>\n    <p:B>1 &lt; 2 &amp; 3</p:B>\n  </p:A>\n  <p:C Ccy=\"CNY\">1.00</p:C>\n</p:Document>\n"
        );
    }
}
