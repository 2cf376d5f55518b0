package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Help, with examples that are known to the program, and the version. */
class HelpTest {
  private static List<CommandLine> commands(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(inside -> all.addAll(commands(inside)));
    return all;
  }

  @Test
  void everyHelpHasExamplesThatAreKnown() {
    List<CommandLine> all = commands(Main.commandLine());
    assertTrue(all.size() > 25, all.size() + " commands");
    for (CommandLine command : all) {
      String name = command.getCommandSpec().qualifiedName();
      List<String> examples =
          Stream.of(command.getCommandSpec().usageMessage().footer())
              .filter(line -> line.contains("./fasthebb "))
              .toList();
      assertFalse(examples.isEmpty(), name);
      for (String example : examples) {
        if (!example.contains("completion")) { // the shell takes it apart
          List<String> words = List.of(example.strip().replace("%%", "%").split(" "));
          assertEquals("./fasthebb", words.getFirst(), name);
          Main.commandLine().parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        }
      }
    }
  }

  @Test
  void helpIsThatOfTheOption() {
    for (String command : List.of("", "run", "data pack", "derive exercise")) {
      String[] asked = ("help " + command).strip().split(" ");
      String[] option = (command + " --help").strip().split(" ");
      assertEquals(Program.run(option).succeeds().out(), Program.run(asked).succeeds().out());
    }
    assertTrue(Program.run("help", "rum").fails(2).contains("no command 'rum'; did you mean run?"));
    assertTrue(Program.run("help", "data", "x").fails(2).contains("fasthebb data has no command"));
  }

  @Test
  void theVersionSaysMoreIfAsked() {
    assertEquals(1, Program.run("--version").succeeds().out().size());
    List<String> all = Program.run("--version", "--verbose").succeeds().out();
    assertEquals(4, all.size());
    assertTrue(all.get(1).contains(System.getProperty("java.home")), all.get(1));
    assertTrue(all.get(2).matches("kernels .*(scalar|bit).*"), all.get(2));
    assertTrue(all.get(3).contains("JPEG by "), all.get(3));
  }
}
