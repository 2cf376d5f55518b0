package org.fasthebb.tools.derive.exercise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A piece of the program's source that can be taken out: the end of a method, or all of its body.
 * It is found in the source itself, so it is always what the program runs. The layout of the source
 * is that of google-java-format, which the build checks.
 *
 * @param file the source, like {@code org/fasthebb/hebb/Oja.java}
 * @param method the only method of this name in the class
 * @param from how the first line that is taken out begins; empty for the whole body
 */
record Blank(String file, String method, String from) {
  /** Stands in a student's file until it is replaced. */
  static final String NOT_YET =
      "throw new UnsupportedOperationException(\"your code comes here\");";

  private static final String MEMBER = " ".repeat(2);

  /** The binary name of the class. */
  String className() {
    return file.replace('/', '.').replace(".java", "");
  }

  /** The file's name without folders. */
  String fileName() {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** The lines that are taken out, without the indentation of the first. */
  List<String> solution() {
    CutOut place = place();
    return place.lines.subList(place.start, place.end).stream()
        .map(line -> line.substring(Math.min(line.length(), place.indent)))
        .toList();
  }

  /** The source with other lines in the place, and without the comment that says what it does. */
  String with(List<String> code) {
    CutOut place = place();
    String margin = " ".repeat(place.indent);
    Stream<String> indented = code.stream().map(line -> line.isEmpty() ? line : margin + line);
    Stream<String> start =
        Stream.concat(
            place.lines.subList(0, place.comment).stream(),
            place.lines.subList(place.declaration, place.start).stream());
    Stream<String> end = place.lines.subList(place.end, place.lines.size()).stream();
    return String.join("\n", Stream.concat(Stream.concat(start, indented), end).toList()) + "\n";
  }

  /**
   * Where the piece is.
   *
   * @param comment the first line of the method's comment
   * @param declaration the first line after the comment
   * @param start the first line of the piece
   * @param end the first line after it
   * @param indent spaces before the piece
   */
  private record CutOut(
      List<String> lines, int comment, int declaration, int start, int end, int indent) {}

  private CutOut place() {
    List<String> lines = source().lines().toList();
    int name = first(lines, 0, MEMBER + "[^ /*@].* " + method + "\\(.*");
    int end = first(lines, name, MEMBER + "}");
    int start = first(lines, name, ".*\\{") + 1; // google-java-format ends the line there
    while (!lines.get(start).strip().startsWith(from)) {
      start++;
      if (start == end) {
        throw new IllegalStateException(
            "no line in " + method + " of " + file + " begins with " + from);
      }
    }
    int indent = lines.get(start).length() - lines.get(start).stripLeading().length();
    int after = start;
    while (lines.get(after).isEmpty() || lines.get(after).startsWith(" ".repeat(indent))) {
      after++;
    }
    int declaration = name;
    while (lines.get(declaration - 1).startsWith(MEMBER + "@")) {
      declaration--;
    }
    int comment = declaration;
    if (lines.get(comment - 1).endsWith("*/")) {
      do {
        comment--;
      } while (!lines.get(comment).startsWith(MEMBER + "/**"));
    }
    return new CutOut(lines, comment, declaration, start, after, indent);
  }

  private int first(List<String> lines, int from, String pattern) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).matches(pattern)) {
        return i;
      }
    }
    throw new IllegalStateException("there is no method " + method + " in " + file);
  }

  /** The source, which the build puts beside the classes. */
  private String source() {
    try (InputStream in = Blank.class.getResourceAsStream("source/" + file)) {
      if (in == null) {
        throw new IllegalStateException(
            "the program was built without the source " + file + "; build it by Maven");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
