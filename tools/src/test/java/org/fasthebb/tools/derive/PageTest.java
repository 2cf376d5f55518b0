package org.fasthebb.tools.derive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.derive.Page.Shown;
import org.fasthebb.tools.derive.algebra.Cost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Web pages of derivations: those in docs are as the program writes them, and they are whole. */
class PageTest {
  private static final Path DOCS = Path.of("..", "docs", "derivations");

  private static String page(Derivations which) {
    String layer = which == Derivations.RESIDUAL ? "fc5" : "conv2";
    try (Backend cpu = Backend.cpu(1)) {
      LayerSize size = LayerSize.of(Architecture.small(), layer, 64);
      return new Lesson(which, size, cpu, false, _ -> {}, UTF_8).page();
    }
  }

  @ParameterizedTest
  @EnumSource
  void pageInDocsIsWhatTheProgramWrites(Derivations which) throws IOException {
    Path file = DOCS.resolve(Text.name(which) + ".html");
    assertEquals(
        page(which),
        Files.readString(file),
        "write it anew with the command in docs/derivations/README.md");
  }

  @ParameterizedTest
  @EnumSource
  void pageNeedsNoOtherFileAndItsMathsIsWellFormed(Derivations which)
      throws ParserConfigurationException, SAXException, IOException {
    String page = page(which);
    assertFalse(page.contains("http"), "a link");
    assertFalse(page.contains("<script"), "a script");
    int equations = 0;
    for (int at = page.indexOf("<math"); at >= 0; at = page.indexOf("<math", at + 1)) {
      String maths = page.substring(at, page.indexOf("</math>", at) + "</math>".length());
      Document parsed =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(maths)));
      assertTrue(parsed.getElementsByTagName("mtr").getLength() > 0);
      equations++;
    }
    int steps = which.parts().stream().mapToInt(part -> 1 + 2 * part.moves().size()).sum();
    assertEquals(steps, equations, "an equation at the start, two for each law");
  }

  @Test
  void wrongEquationIsSaidToHaveFailed() {
    Derivation chain = Derivations.OJA.parts().getFirst();
    LayerSize size = LayerSize.of(Architecture.small(), "conv2", 1);
    try (Backend cpu = Backend.cpu(1)) {
      Checked right = Checked.check(chain, cpu).getLast();
      Checked wrong =
          new Checked(
              right.move(), right.label(), right.before(), right.form(), right.plan(), 1e-9, 0);
      Shown shown = new Shown(wrong, Cost.of(wrong.plan(), size.sizes()), null);
      Printout printout = new Printout();
      printout.step(1, shown);
      assertTrue(printout.take().getLast().endsWith("FAILED"));
      String page = Page.of(Derivations.OJA, size, Map.of(chain, List.of(shown)));
      assertTrue(page.contains("FAILED"));
    }
  }
}
