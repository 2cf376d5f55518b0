package org.fasthebb.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the terminal gets to see. */
class TerminalWriterTest {
  private final StringWriter shown = new StringWriter();
  private final TerminalWriter out = new TerminalWriter(shown);

  @Test
  void namesFromFilesCannotControlTheTerminal() {
    out.println("class \033[2J\rred\007 \u009b1m \u202egnp.exe für \t日本");
    assertEquals(
        "class \\u001b[2J\\u000dred\\u0007 \\u009b1m \\u202egnp.exe für \t日本",
        shown.toString().strip());
  }

  @Test
  void veryLongLinesAreShortenedInTheMiddle() {
    out.println("first\nclass " + "a".repeat(10_000_000) + " is empty; remove it");
    List<String> lines = shown.toString().lines().toList();
    assertEquals("first", lines.getFirst());
    assertTrue(lines.get(1).length() < 2100, () -> "" + lines.get(1).length());
    assertTrue(lines.get(1).startsWith("class aaa"));
    assertTrue(lines.get(1).endsWith("aaa is empty; remove it"));
  }

  @Test
  void aStatusFitsTheTerminal() {
    assertEquals("pre", statusAt(4));
    assertEquals("pretrain", statusAt(17));
    assertEquals("pretrain  [#.....]", statusAt(19));
    assertEquals("pretrain  1:30 left", statusAt(20));
    assertEquals("pretrain  epoch 1/20  1:30 left", statusAt(32));
    assertEquals("pretrain  epoch 1/20  1:30 left  [#....]", statusAt(41));
    String all = "pretrain  epoch 1/20  100/10,000 images  1:30 left";
    assertEquals(all, statusAt(59));
    assertEquals(all + "  [###............]", statusAt(70));
    assertEquals(all + "  [#######.......................]", statusAt(200));
    for (int columns = 2; columns < 120; columns++) {
      assertTrue(statusAt(columns).length() < columns, columns + " columns");
    }
  }

  private String statusAt(int columns) {
    shown.getBuffer().setLength(0);
    try (StatusLine status = new StatusLine(out, true, () -> columns, () -> 0, () -> "")) {
      status.show(List.of("pretrain", "epoch 1/20", "100/10,000 images", "", "1:30 left"), 0.25);
    }
    String line = shown.toString();
    assertTrue(line.startsWith("\r") && line.endsWith("\033[K\r\033[K"), line);
    return line.substring(1, line.indexOf("\033"));
  }

  @Test
  void suggestionsAreNear() {
    List<String> known = List.of("swta", "hpca", "none");
    assertEquals("; did you mean hpca?", Suggestion.of("hcpa", known));
    assertEquals("; did you mean none?", Suggestion.of("non", known));
    assertEquals("", Suggestion.of("bcm", known));
  }
}
