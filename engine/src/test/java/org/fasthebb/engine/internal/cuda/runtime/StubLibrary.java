package org.fasthebb.engine.internal.cuda.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Shared libraries made from a few lines of C, to stand for NVIDIA's. */
public final class StubLibrary {
  private StubLibrary() {}

  /**
   * Compiles a library; aborts the test where there is no C compiler.
   *
   * @param options of the compiler, after the source
   * @return the file
   */
  public static Path compile(Path folder, String name, String source, String... options)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path code = Files.writeString(folder.resolve(name + ".c"), source);
    Path library = folder.resolve(name);
    List<String> command =
        new ArrayList<>(
            List.of("cc", "-O1", "-shared", "-fPIC", "-o", library.toString(), code.toString()));
    command.addAll(List.of(options));
    Process compiler;
    try {
      compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return abort("there is no C compiler, cc, to make a stand-in for NVIDIA's library");
    }
    String output = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, compiler.waitFor(), output);
    return library;
  }
}
