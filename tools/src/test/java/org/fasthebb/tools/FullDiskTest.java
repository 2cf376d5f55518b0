package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Results that do not reach standard output are a failure, whatever the command. */
class FullDiskTest {
  /** Takes nothing, as a file on a full disk. */
  private static final class FullDisk extends Writer {
    @Override
    public void write(char[] text, int from, int length) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "run --help", "doctor --threads 1"})
  void isReported(String command) {
    StringWriter err = new StringWriter();
    CommandLine program =
        Main.commandLine().setOut(new PrintWriter(new FullDisk())).setErr(new PrintWriter(err));
    assertEquals(1, Main.execute(program, command.split(" ")), err.toString());
    String sentence = err.toString().strip();
    assertTrue(
        sentence.startsWith("fasthebb: cannot write all of the results to standard output"),
        sentence);
  }
}
