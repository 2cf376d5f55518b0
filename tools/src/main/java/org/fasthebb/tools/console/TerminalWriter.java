package org.fasthebb.tools.console;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * Writes for people. Texts can hold names from files, so control characters are escaped and what is
 * very long is shortened: a name cannot move the cursor, change colours or fill the screen. Only
 * {@link #raw} writes a text as it is.
 */
public final class TerminalWriter extends PrintWriter {
  /** The most characters of a line. */
  private static final int MOST = 2000;

  /** Characters at the end of a shortened line: what to do about an error comes last. */
  private static final int END = 500;

  public TerminalWriter(Writer out) {
    super(out);
  }

  /** Writes a text as it is: JSON, or what controls the terminal. */
  void raw(String text) {
    super.write(text, 0, text.length());
  }

  @Override
  public void write(int c) {
    write(String.valueOf((char) c));
  }

  @Override
  public void write(char[] buffer, int offset, int length) {
    write(String.valueOf(buffer, offset, length));
  }

  @Override
  public void write(String text, int offset, int length) {
    StringBuilder shown = new StringBuilder();
    String separator = "";
    for (String line : text.substring(offset, offset + length).split("\r?\n", -1)) {
      shown.append(separator).append(escaped(shortened(line)));
      separator = "\n";
    }
    raw(shown.toString());
  }

  private static String shortened(String line) {
    return line.length() <= MOST
        ? line
        : line.substring(0, MOST - END) + " ... " + line.substring(line.length() - END);
  }

  private static String escaped(String line) {
    StringBuilder plain = new StringBuilder();
    for (char c : line.toCharArray()) {
      boolean reorders = (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
      if ((c != '\t' && Character.isISOControl(c)) || reorders) {
        plain.append(Text.format("\\u%04x", (int) c));
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
