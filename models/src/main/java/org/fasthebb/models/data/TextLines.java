package org.fasthebb.models.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fasthebb.models.io.ReadFailure;

/** Small text files of data sets. */
final class TextLines {
  private TextLines() {}

  /**
   * The lines of {@code file}, in UTF-8, without blanks at either end; empty ones are left out.
   *
   * @param expected what the folder should hold, for the message if the file is missing
   * @param problems receives a missing, unreadable or empty file; only then the result is empty
   */
  static List<String> read(Path file, String expected, Problems problems) {
    if (!Files.isRegularFile(file)) {
      problems.add(new DataException("%s is missing; expected %s.".formatted(file, expected)));
      return List.of();
    }
    try {
      List<String> lines =
          Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
      if (lines.isEmpty()) {
        problems.add(
            new DataException("%s is empty; extract it from the archive again.".formatted(file)));
      }
      return lines;
    } catch (CharacterCodingException e) {
      problems.add(
          new DataException(
              "%s is not UTF-8 text; extract it from the archive again.".formatted(file), e));
      return List.of();
    } catch (IOException e) {
      problems.add(
          new DataException("%s cannot be read: %s.".formatted(file, ReadFailure.reason(e)), e));
      return List.of();
    }
  }
}
