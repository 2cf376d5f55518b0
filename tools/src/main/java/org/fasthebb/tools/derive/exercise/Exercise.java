package org.fasthebb.tools.derive.exercise;

import java.util.List;
import java.util.stream.Collectors;
import org.fasthebb.tools.console.Text;

/**
 * An exercise: a class of the program with a piece cut out.
 *
 * @param number on the command line, from 1
 * @param trial the calculation of {@link Trials} that goes through the piece
 * @param title what it is about
 * @param blank the piece
 * @param result the name of the tensor that is compared
 * @param task what the student is told
 * @param mistakes wrong solutions that are recognised
 */
public record Exercise(
    int number,
    String trial,
    String title,
    Blank blank,
    String result,
    String task,
    List<Mistake> mistakes) {
  Exercise(
      int number,
      String trial,
      String title,
      Blank blank,
      String result,
      String task,
      Mistake... mistakes) {
    this(number, trial, title, blank, result, task, List.of(mistakes));
  }

  /**
   * A wrong solution that is known.
   *
   * @param hint what is wrong with it, without a full stop
   * @param code its lines
   */
  record Mistake(String hint, List<String> code) {
    Mistake(String hint, String... code) {
      this(hint, List.of(code));
    }
  }

  /** The name of the student's file. */
  public String fileName() {
    return blank.fileName();
  }

  /** The line of the student's file, from 1, where the code is missing. */
  public static long line(String text) {
    return text.substring(0, text.indexOf(Blank.NOT_YET)).lines().count();
  }

  /** The student's file: the task, and a class of the program with a piece cut out. */
  public String text() {
    String head =
        Text.format(
            """
            Exercise %d of FastHebb: %s.

            %s
            Below is the program's own class with a piece cut out. Find YOUR TURN in the
            method %s, write the code, and check it:

              ./fasthebb derive check %d
            """,
            number, title, task, blank.method(), number);
    String comment =
        head.lines().map(line -> ("// " + line).strip() + "\n").collect(Collectors.joining());
    String turn = "// YOUR TURN: replace the next line. The top of this file says how.";
    return comment + "\n" + blank.with(List.of(turn, Blank.NOT_YET));
  }
}
