package org.fasthebb.tools;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program in a process of its own, which can be killed. */
final class ChildProgram {
  private ChildProgram() {}

  /**
   * Starts the program.
   *
   * @param err where its standard error goes
   */
  static Process start(Redirect err, List<String> arguments) throws IOException {
    return start(err, Path.of(""), arguments);
  }

  /** Starts the program in a folder. */
  static Process start(Redirect err, Path folder, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--module-path", System.getProperty("jdk.module.path")));
    command.addAll(List.of("--enable-native-access=org.fasthebb.engine"));
    command.addAll(List.of("--module", "org.fasthebb.tools/org.fasthebb.tools.Main"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .directory(folder.toAbsolutePath().toFile())
        .redirectOutput(Redirect.DISCARD)
        .redirectError(err)
        .start();
  }
}
