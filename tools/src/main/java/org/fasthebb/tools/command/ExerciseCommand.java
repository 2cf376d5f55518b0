package org.fasthebb.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.tools.console.TerminalWriter;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.derive.exercise.Exercise;
import org.fasthebb.tools.derive.exercise.Exercises;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fasthebb derive exercise N}: writes an exercise. */
@Command(
    name = "exercise",
    footer = {"", "Examples:", "  ./fasthebb derive exercise", "  ./fasthebb derive exercise 1"},
    description =
        "Write an exercise: a class of the program with a piece cut out, and what to fill in."
            + " Without a number, list the exercises.")
final class ExerciseCommand extends ToolCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "N",
      description = "The number of the exercise.")
  private Integer number;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file to write. Default: the name of the class, in this folder.")
  private Path file;

  private ExerciseCommand() {}

  @Override
  public Integer call() throws CheckpointException {
    TerminalWriter out = out();
    if (number == null) {
      for (Exercise each : Exercises.all()) {
        out.println(
            Text.format("%d  %-42s%s", each.number(), each.title(), each.fileName())
                .stripTrailing());
      }
      out.println();
      out.println("Write one with ./fasthebb derive exercise N, check it with derive check N.");
      out.flush();
      return 0;
    }
    Exercise exercise = exercise(this, number);
    Path written = file != null ? file : Path.of(exercise.fileName());
    require(
        !Files.exists(written),
        "the file "
            + written
            + " is there already and would be lost; name another with ./fasthebb derive exercise "
            + number
            + " FILE");
    requireFolderOf(written);
    String text = exercise.text();
    AtomicFile.writeString(written, text);
    String check = "./fasthebb derive check " + number + (file == null ? "" : " " + file);
    out.println("Exercise " + number + ": " + exercise.title() + ".");
    out.println(
        "Open " + written + ". Its top says what to do at line " + Exercise.line(text) + ".");
    out.println("Then: " + check);
    out.flush();
    return 0;
  }

  /** The exercise of a number on the command line. */
  static Exercise exercise(ToolCommand command, int number) {
    Exercise exercise = Exercises.numbered(number);
    command.require(
        exercise != null,
        "there is no exercise " + number + "; there are 1 to " + Exercises.all().size());
    return exercise;
  }
}
