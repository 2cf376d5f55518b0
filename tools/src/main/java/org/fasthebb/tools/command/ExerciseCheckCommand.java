package org.fasthebb.tools.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.ReadFailure;
import org.fasthebb.tools.console.Failures;
import org.fasthebb.tools.console.TerminalWriter;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.derive.exercise.Exercise;
import org.fasthebb.tools.derive.exercise.Exercises;
import org.fasthebb.tools.derive.exercise.Marking;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fasthebb derive check N}: marks a solution of an exercise. */
@Command(
    name = "check",
    footer = {"", "Examples:", "  ./fasthebb derive exercise 1", "  ./fasthebb derive check 1"},
    description =
        "Check a solution of an exercise: compile it, run it in place of the program's own class,"
            + " and compare. Exits with 1 if it is wrong.")
final class ExerciseCheckCommand extends ToolCommand {
  /** Milliseconds that a solution may take. */
  private static final long LIMIT = 20_000;

  @Parameters(index = "0", paramLabel = "N", description = "The number of the exercise.")
  private int number;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The solution. Default: the name of the class, in this folder.")
  private Path file;

  private ExerciseCheckCommand() {}

  @Override
  public Integer call() {
    Exercise exercise = ExerciseCommand.exercise(this, number);
    Path solution = file != null ? file : Path.of(exercise.fileName());
    require(!Files.isDirectory(solution), solution + " is a folder; name the file of the exercise");
    require(
        Files.exists(solution),
        "there is no file "
            + solution
            + "; ./fasthebb derive exercise "
            + number
            + (file == null ? "" : " " + file)
            + " writes it");
    Marking.Mark mark = mark(exercise, solution);
    TerminalWriter out = out();
    mark.lines().forEach(out::println);
    Exercise next = Exercises.numbered(number + 1);
    if (mark.isSolved() && next != null) {
      out.println();
      out.println("Next: ./fasthebb derive exercise " + next.number() + ", " + next.title() + ".");
    }
    out.flush();
    return mark.isSolved() ? 0 : Failures.FAILED;
  }

  /** Marks a solution. It runs in this JVM, and one that ends the JVM must not pass for right. */
  private Marking.Mark mark(Exercise exercise, Path solution) {
    String source = read(solution);
    Thread onExit =
        new Thread(() -> {
          err().println(solution + ": the program was ended before the check was done.");
          err().flush();
          Runtime.getRuntime().halt(Failures.FAILED);
        });
    Runtime.getRuntime().addShutdownHook(onExit);
    Marking.Mark mark = new Marking(exercise, LIMIT).mark(solution.toString(), source);
    Runtime.getRuntime().removeShutdownHook(onExit);
    return mark;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new DataException("cannot read " + file + ": " + ReadFailure.reason(e), e);
    }
  }
}
