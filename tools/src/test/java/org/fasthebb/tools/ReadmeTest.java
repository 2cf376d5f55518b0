package org.fasthebb.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands and code in the README work as they are printed there. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");

  @TempDir Path folder;

  @Test
  void layerExampleCompilesAndRuns() throws IOException, InterruptedException {
    String output = run("org.fasthebb.hebb", blocks("java").getFirst());
    String grid =
        output.lines().filter(line -> line.contains("##")).collect(Collectors.joining("\n"));
    assertTrue(Files.readString(README).contains(grid), output);
    assertEquals(7, grid.lines().count(), output);
  }

  /** Compiles and runs an example in the folder; returns what it prints. */
  private String run(String module, String example) throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve("Example.java"), example);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                System.getProperty("jdk.module.path"),
                "--add-modules",
                module,
                source.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @Test
  void optionsInCommandsAreKnown() throws IOException {
    List<String> commands =
        blocks("sh").stream()
            .flatMap(String::lines)
            .filter(line -> line.startsWith("./fasthebb ") && !line.contains(" bench")) // CI's
            .toList();
    assertFalse(commands.isEmpty());
    CommandLine commandLine = Main.commandLine();
    for (String command : commands) {
      commandLine.parseArgs(words(command).toArray(String[]::new));
    }
  }

  /**
   * The commands on photos, in order and in one folder: each reads what those before it wrote, and
   * so does the example with a model.
   */
  @Test
  void commandsOnPhotosAreASession() throws IOException, InterruptedException, URISyntaxException {
    TinyImages.write(folder.resolve("photos"), 10, 3);
    List<String> commands =
        blocks("sh").stream()
            .filter(block -> block.contains(" photos"))
            .flatMap(String::lines)
            .map(line -> String.join(" ", words(line)))
            .toList();
    assertEquals(18, commands.size());
    Path err = folder.resolve("stderr");
    Process process = ChildProgram.session(commands, folder, Redirect.to(err.toFile()));
    int code = process.waitFor();
    assertEquals(0, code, Files.readString(err));
    for (String made :
        List.of(
            "runs/mine/model.safetensors",
            "runs/mine/pretrained.safetensors",
            "runs/mine/confusion.csv",
            "similar.html",
            "features.npy",
            "features.npy.files.csv",
            "mine.onnx",
            "compare.html")) {
      assertTrue(Files.exists(folder.resolve(made)), made);
    }
    Files.copy(folder.resolve("photos/test/left/1000.png"), folder.resolve("photo.jpg"));
    String output = run("org.fasthebb.models", blocks("java").get(1));
    assertTrue(output.matches("(?s).*(above|left) 0\\.\\d+\\R.*4096 features\\s*"), output);
  }

  private static List<String> words(String command) {
    return List.of(command.replaceAll("#.*", "").replace("./fasthebb", "").strip().split("\\s+"));
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(README))
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toList());
  }
}
