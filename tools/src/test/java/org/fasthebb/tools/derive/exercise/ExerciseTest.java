package org.fasthebb.tools.derive.exercise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fasthebb.tools.derive.exercise.Exercise.Mistake;
import org.fasthebb.tools.derive.exercise.Marking.Mark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exercises can be solved, and what goes wrong is said. */
class ExerciseTest {
  private static final String FILE = "My.java";

  @ParameterizedTest
  @MethodSource("exercises")
  void whatWasCutOutIsRightAndMistakesAreRecognised(Exercise exercise) {
    Marking marking = new Marking(exercise, 60_000);
    String text = exercise.text();
    Mark untouched = marking.mark(FILE, text);
    assertFalse(untouched.isSolved());
    assertEquals(
        List.of(FILE + ":" + Exercise.line(text) + ": not yet filled in."), untouched.lines());

    String solution = String.join("\n", exercise.blank().solution());
    Mark solved = marking.mark(FILE, filled(exercise, solution));
    assertTrue(solved.isSolved(), String.join("\n", solved.lines()));
    assertFalse(text.contains(solution));

    for (Mistake mistake : exercise.mistakes()) {
      Mark mark = marking.mark(FILE, filled(exercise, String.join("\n", mistake.code())));
      String said = String.join("\n", mark.lines());
      assertFalse(mark.isSolved(), mistake.hint());
      assertTrue(said.endsWith("It seems that " + mistake.hint() + "."), said);
      assertEquals(1, said.split("It seems", -1).length - 1, said);
    }
  }

  static List<Exercise> exercises() {
    return Exercises.all();
  }

  @Test
  void numbersAreInOrder() {
    for (int i = 0; i < Exercises.all().size(); i++) {
      assertEquals(i + 1, Exercises.all().get(i).number());
    }
  }

  private static String filled(Exercise exercise, String code) {
    return exercise.text().replace(Blank.NOT_YET, code);
  }

  @ParameterizedTest
  @MethodSource("exercises")
  void everyLineOfATaskFitsA80ColumnTerminal(Exercise exercise) {
    List<String> lines =
        exercise.text().lines().takeWhile(line -> !line.startsWith("package")).toList();
    assertTrue(lines.size() > 15);
    lines.forEach(line -> assertTrue(line.length() <= 80, line));
  }

  @Test
  void theFirstWrongElementIsNamed() {
    List<String> lines =
        said("return new Terms(y.times(2), y, w.backend().empty(1, 1).fill(x.size(0)));");
    assertTrue(
        lines.getFirst().matches("dW\\[0, 0] is \\S+, but it must be \\S+; 84 of 84 .* wrong\\."),
        lines.getFirst());
    assertEquals("Every element is 2.000 times what it must be.", lines.getLast());
  }

  @Test
  void oneWrongElementIsFound() {
    Exercise exercise = Exercises.BATCH_NORM;
    String wrong =
        String.join("\n", exercise.blank().solution())
            .replace("return ", "Tensor f = ")
            .concat("\nf.slice(0, 2, 3).fill(0);\nreturn f;");
    List<String> lines = new Marking(exercise, 60_000).mark(FILE, filled(exercise, wrong)).lines();
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().startsWith("y[0, 2] is "), lines.getFirst());
    assertTrue(lines.getFirst().endsWith("; 5 of 20 elements are wrong."), lines.getFirst());
  }

  @Test
  void whatTheCompilerRefusesIsSaidWithItsLine() {
    long line = Exercise.line(Exercises.OJA.text());
    List<String> lines = said("return new Terms(y, y, 3);");
    assertTrue(lines.getFirst().startsWith(FILE + ":" + line + ": incompatible types"));
  }

  @Test
  void whatTheCodeThrowsIsSaidWithItsLine() {
    long line = Exercise.line(Exercises.OJA.text());
    assertEquals(
        List.of(
            FILE + ":" + (line + 1) + ": cannot add [45, 7] and [7, 12]: only size 1 stretches."),
        said("// two wrong shapes\nreturn new Terms(y.plus(w), y, y);"));
    assertEquals(
        List.of(
            FILE
                + ": the program cannot go on with what your code gives: cannot add [45, 7] into"
                + " [1, 7]: only size 1 stretches."),
        said("return new Terms(y, y, y);"));
    assertEquals(
        List.of(FILE + ":" + line + ": IllegalStateException: no."),
        said("if (y != null) throw new IllegalStateException(\"no\"); return null;"));
  }

  @Test
  void codeThatDoesNotEndIsLeft() {
    String code = "while (true) java.util.concurrent.locks.LockSupport.park();";
    Mark mark = new Marking(Exercises.OJA, 500).mark(FILE, filled(Exercises.OJA, code));
    assertEquals(List.of(FILE + ": still running after 0.5 s; does a loop end?"), mark.lines());
  }

  @Test
  void anotherClassIsRefused() {
    assertEquals(
        List.of(FILE + " is not the class org.fasthebb.hebb.Oja of exercise 1."),
        new Marking(Exercises.OJA, 500).mark(FILE, "class My {}").lines());
  }

  private static List<String> said(String code) {
    Mark mark = new Marking(Exercises.OJA, 60_000).mark(FILE, filled(Exercises.OJA, code));
    assertFalse(mark.isSolved());
    return mark.lines();
  }
}
