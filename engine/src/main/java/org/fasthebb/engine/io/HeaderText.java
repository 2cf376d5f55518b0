package org.fasthebb.engine.io;

import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/** The JSON of a header, read and written piece by piece, and as strictly as RFC 8259 has it. */
final class HeaderText {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private static final Set<String> WORDS = Set.of("true", "false", "null");

  /** Values inside of each other that are skipped at most, so that the stack does not overflow. */
  private static final int DEEPEST = 100;

  private final SafeTensorsHeader.Origin file;
  private final String text;
  private int at;

  HeaderText(SafeTensorsHeader.Origin file, String text) {
    this.file = file;
    this.text = text;
  }

  private FileFormatException malformed() {
    return SafeTensorsHeader.malformed(
        file, "the header is not the JSON of the safetensors format");
  }

  /** What follows after white space, or 0 at the end. */
  char peek() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  /** Takes a character if it follows. */
  boolean accept(char c) {
    boolean follows = peek() == c;
    at += follows ? 1 : 0;
    return follows;
  }

  /** Takes a character. */
  void expect(char c) throws FileFormatException {
    if (!accept(c)) {
      throw malformed();
    }
  }

  /** Whether another element follows in an object or array that ends with {@code close}. */
  boolean hasNext(boolean first, char close) throws FileFormatException {
    if (accept(close)) {
      return false;
    }
    if (!first) {
      expect(',');
      if (peek() == close) {
        throw malformed();
      }
    }
    return true;
  }

  /** Takes the name of an entry. */
  String name() throws FileFormatException {
    String name = string();
    expect(':');
    return name;
  }

  /** Takes a text. */
  String string() throws FileFormatException {
    expect('"');
    var result = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return result.toString();
      }
      if (c < ' ') {
        throw malformed();
      }
      result.append(c == '\\' ? escaped() : c);
    }
    throw malformed();
  }

  private char escaped() throws FileFormatException {
    char c = at < text.length() ? text.charAt(at++) : 0;
    if (c == 'u' && at + 4 <= text.length()) {
      String code = text.substring(at, at + 4);
      at += 4;
      if (code.matches("[0-9a-fA-F]{4}")) {
        return (char) Integer.parseInt(code, 16);
      }
    }
    int known = "\"\\/bfnrt".indexOf(c);
    if (known < 0) {
      throw malformed();
    }
    return "\"\\/\b\f\n\r\t".charAt(known);
  }

  /** Takes a number or a word, and returns it as it is written; empty if none follows. */
  String plain() {
    peek();
    int from = at;
    while (at < text.length() && ",:[]{}\" \t\n\r".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  /** Takes a value of any kind. */
  void skip() throws FileFormatException {
    skip(0);
  }

  private void skip(int depth) throws FileFormatException {
    char open = peek();
    if (open == '"') {
      string();
    } else if (open != '{' && open != '[') {
      String value = plain();
      if (!WORDS.contains(value) && !NUMBER.matcher(value).matches()) {
        throw malformed();
      }
    } else if (depth == DEEPEST) {
      throw malformed();
    } else {
      expect(open);
      for (boolean first = true; hasNext(first, open == '{' ? '}' : ']'); first = false) {
        if (open == '{') {
          name();
        }
        skip(depth + 1);
      }
    }
  }

  /** Checks that only white space follows. */
  void end() throws FileFormatException {
    if (peek() != 0 || at < text.length()) {
      throw malformed();
    }
  }

  /** A text as JSON. */
  static String quoted(String value) {
    var result = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      int known = "\"\\\b\f\n\r\t".indexOf(c);
      if (known >= 0) {
        result.append('\\').append("\"\\bfnrt".charAt(known));
      } else if (c < ' ' || c == '\u2028' || c == '\u2029') {
        result.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        result.append(c);
      }
    }
    return result.append('"').toString();
  }
}
