package org.fasthebb.tools;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
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
    return start(List.of(), Main.class, arguments, Path.of(""), err);
  }

  /** Starts a session of command lines in a folder. */
  static Process session(List<String> commandLines, Path folder, Redirect err)
      throws IOException, URISyntaxException {
    Path tests = Path.of(Session.class.getResource("Session.class").toURI());
    Path root = tests.resolve("../../../..").normalize();
    return start(
        List.of("--patch-module=org.fasthebb.tools=" + root),
        Session.class,
        commandLines,
        folder,
        err);
  }

  private static Process start(
      List<String> options, Class<?> main, List<String> arguments, Path folder, Redirect err)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("--module-path", System.getProperty("jdk.module.path")));
    command.addAll(List.of("--enable-native-access=org.fasthebb.engine"));
    command.addAll(List.of("--module", "org.fasthebb.tools/" + main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .directory(folder.toAbsolutePath().toFile())
        .redirectOutput(Redirect.DISCARD)
        .redirectError(err)
        .start();
  }
}
