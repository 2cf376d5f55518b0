package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * A run of the program inside the test's process.
 *
 * @param code its exit code
 * @param out lines of standard output
 * @param err lines of standard error
 */
record Program(int code, List<String> out, List<String> err) {
  static Program run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine program =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = Main.execute(program, args);
    return new Program(code, out.toString().lines().toList(), err.toString().lines().toList());
  }

  /** Runs a command on a folder of images. */
  static Program onFolder(String images, String command, String... more) {
    Stream<String> data = Stream.of(command, "--data", "folder", "--data-dir", images);
    return run(Stream.concat(data, Stream.of(more)).toArray(String[]::new));
  }

  Program succeeds() {
    assertEquals(0, code, () -> String.join("\n", err));
    return this;
  }

  /** Checks that it failed with one sentence, and returns that sentence. */
  String fails(int expected) {
    assertEquals(expected, code, () -> String.join("\n", err));
    assertEquals(List.of(), out);
    List<String> sentences = err.stream().filter(line -> line.startsWith("fasthebb: ")).toList();
    assertEquals(1, sentences.size(), () -> String.join("\n", err));
    String sentence = sentences.getFirst();
    assertEquals(err.getLast(), sentence, "the sentence comes last");
    assertTrue(sentence.endsWith(".") && !sentence.endsWith(".."), sentence);
    assertFalse(sentence.contains("Exception"), sentence);
    assertTrue(err.stream().noneMatch(line -> line.startsWith("\tat ")), "a stack trace");
    return sentence;
  }
}
