package org.fasthebb.tools.derive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/derivations/reading.md refers to exists. */
class ReadingTest {
  private static final Path READING = Path.of("..", "docs", "derivations", "reading.md");
  private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\(([^)]*)\\)");

  @Test
  void methodsExist() throws IOException {
    int methods = 0;
    for (MatchResult link : links()) {
      if (link.group(2).startsWith("https:")) {
        continue;
      }
      Path file = READING.resolveSibling(link.group(2));
      String[] reference = link.group(1).split("#");
      assertEquals(2, reference.length, link.group());
      assertEquals(reference[0] + ".java", file.getFileName().toString(), link.group());
      // A declaration: a type, the name, parameters, and a brace or nothing but a semicolon.
      String declaration =
          "(?m)^ {2,4}[\\w<][^=;(\\n]* " + reference[1] + "\\([^;{]*\\)[^;{(]*[;{]$";
      assertTrue(Pattern.compile(declaration).matcher(Files.readString(file)).find(), link.group());
      methods++;
    }
    assertTrue(methods >= 12, methods + " methods");
  }

  @Test
  void minutesAddUp() throws IOException {
    int minutes =
        Pattern.compile("\\((\\d+) minutes\\)")
            .matcher(Files.readString(READING))
            .results()
            .mapToInt(match -> Integer.parseInt(match.group(1)))
            .sum();
    assertEquals(20, minutes);
  }

  private static List<MatchResult> links() throws IOException {
    return LINK.matcher(Files.readString(READING)).results().toList();
  }
}
