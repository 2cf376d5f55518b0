package org.fasthebb.tools.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.fasthebb.models.io.WriteFailure;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Command;

/** {@code fasthebb shell}: JShell with the engine, the rules and a backend in place. */
@Command(
    name = "shell",
    footer = {"", "Example:", "  ./fasthebb shell"},
    description =
        "Open JShell, Java line by line, with the tensors, the rules and a CPU with SIMD in place.")
public final class ShellCommand extends ToolCommand {
  private ShellCommand() {}

  @Override
  public Integer call() throws Exception {
    Path startup = startup();
    try {
      // Lines run in this JVM, which has the Vector API and all modules already.
      Stream<String> options =
          Stream.of(
              "--execution", "local", "--startup", startup.toString(), "--feedback", "normal");
      return JavaShellToolBuilder.builder()
          .persistence(new HashMap<>()) // nothing is kept in the user's preferences
          .start(Stream.concat(options, libraries().stream()).toArray(String[]::new));
    } finally {
      Files.deleteIfExists(startup);
    }
  }

  /** The lines that JShell runs first, as a file, since it reads them from one only. */
  private static Path startup() {
    try (InputStream lines = ShellCommand.class.getResourceAsStream("startup.jsh")) {
      Path file = Files.createTempFile("fasthebb", ".jsh");
      Files.copy(lines, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(
          "cannot write into the folder for temporary files, "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + WriteFailure.reason(e),
          e);
    }
  }

  /** Where JShell's compiler finds the program's classes. */
  private static List<String> libraries() {
    String modules = System.getProperty("jdk.module.path");
    return modules == null
        ? List.of("--class-path", System.getProperty("java.class.path"))
        : List.of("--module-path", modules, "--add-modules", "org.fasthebb.models");
  }
}
