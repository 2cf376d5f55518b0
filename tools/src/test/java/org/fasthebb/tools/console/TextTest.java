package org.fasthebb.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.fasthebb.tools.option.Percent;
import org.fasthebb.tools.report.Html;
import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void times() {
    assertEquals("3.2 s", Text.seconds(3.21));
    assertEquals("1 min 00 s", Text.seconds(59.97));
    assertEquals("1 min 45 s", Text.seconds(105));
    assertEquals("2 h 05 min", Text.seconds(7500));
    assertEquals("0:07", Text.clock(7.2));
    assertEquals("2:05:00", Text.clock(7500));
  }

  @Test
  void memory() {
    assertEquals("0 MiB", Text.memory(1));
    assertEquals("30 MiB", Text.memory(30 << 20));
    assertEquals("1.5 GiB", Text.memory(3L << 29));
  }

  @Test
  void commandsAreQuotedForAShell() {
    assertEquals(
        "./fasthebb run --labels 2% --out 'my '\\''runs'\\'''",
        Text.command(List.of("./fasthebb", "run", "--labels", "2%", "--out", "my 'runs'")));
  }

  @Test
  void percentages() throws Exception {
    Percent.PercentConverter converter = new Percent.PercentConverter();
    assertEquals(0.01, converter.convert("1%").fraction());
    assertEquals(0.01, converter.convert("1").fraction());
    assertEquals("0.5%", converter.convert(" 0.5 % ").toString());
    assertEquals("7%", Percent.of(0.07).toString());
    assertEquals("100%", Percent.of(1).toString());
  }

  @Test
  void htmlIsEscapedAndClosed() {
    Html html = new Html().open("p", "title", "a \"b\"").text("1 < 2 & 'c'");
    assertThrows(IllegalStateException.class, html::toString);
    assertEquals(
        "<p title=\"a &quot;b&quot;\">1 &lt; 2 &amp; &#39;c&#39;</p>\n", html.close().toString());
  }
}
