package org.fasthebb.tools.derive.exercise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.derive.exercise.Compilation.Problem;

/** Marks solutions of an exercise. */
public final class Marking {
  /** The largest difference that counts as rounding, relative to the largest element. */
  private static final double TOLERANCE = 1e-4;

  /** Lines of the compiler that are shown: later errors often follow from the first ones. */
  private static final int MOST_LINES = 12;

  private final Exercise exercise;
  private final long limit;
  private final Computed expected;

  /** What the known mistakes compute; filled when it is first needed. */
  private final List<Computed> mistaken = new ArrayList<>();

  /**
   * Computes what is right.
   *
   * @param limit milliseconds that a solution may take
   */
  public Marking(Exercise exercise, long limit) {
    this.exercise = exercise;
    this.limit = limit;
    expected = Computed.by(new Trials(), exercise);
  }

  /**
   * What came out.
   *
   * @param isSolved whether the solution is right
   * @param lines what to tell the student
   */
  public record Mark(boolean isSolved, List<String> lines) {
    static Mark failed(String... lines) {
      return new Mark(false, List.of(lines));
    }
  }

  /**
   * Marks a solution.
   *
   * @param name how to call the file
   * @param source its content
   */
  public Mark mark(String name, String source) {
    if (source.contains(Blank.NOT_YET)) {
      return Mark.failed(name + ":" + Exercise.line(source) + ": not yet filled in.");
    }
    Compilation compiled = Compilation.of(exercise.blank().file(), source);
    if (!compiled.problems().isEmpty()) {
      return new Mark(
          false,
          compiled.problems().stream()
              .flatMap(each -> lines(name, each))
              .limit(MOST_LINES)
              .toList());
    }
    if (!compiled.classes().containsKey(exercise.blank().className())) {
      return Mark.failed(
          Text.format(
              "%s is not the class %s of exercise %d.",
              name, exercise.blank().className(), exercise.number()));
    }
    AtomicReference<Computed> computed = new AtomicReference<>();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                computed.set(compute(compiled));
              } catch (Throwable e) { // whatever a student's code throws
                thrown.set(e);
              }
            });
    try {
      thread.join(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thrown.get() != null) {
      return Mark.failed(failure(name, thrown.get()));
    }
    return computed.get() == null
        ? Mark.failed(
            name + ": still running after " + Text.seconds(limit / 1e3) + "; does a loop end?")
        : mark(computed.get());
  }

  private static Stream<String> lines(String name, Problem problem) {
    return (name + ":" + problem.line() + ": " + problem.message()).lines();
  }

  private Computed compute(Compilation compiled) {
    return Computed.by(new ReplicaLoader(compiled.classes()).trials(), exercise);
  }

  /** Says what was thrown, and by which line of the student's file. */
  private String failure(String name, Throwable e) {
    String what = e instanceof IllegalArgumentException ? "" : e.getClass().getSimpleName() + ": ";
    return Arrays.stream(e.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith(exercise.blank().className()))
            .findFirst()
            .map(frame -> name + ":" + frame.getLineNumber() + ": ")
            .orElse(name + ": the program cannot go on with what your code gives: ")
        + what
        + e.getMessage()
        + ".";
  }

  private Mark mark(Computed computed) {
    List<String> lines = new ArrayList<>();
    if (computed.isCloseTo(expected)) {
      lines.add("Right: all " + expected.values.length + " elements of " + exercise.result() + ".");
      lines.add("The program's own lines are:");
      lines.add("");
      exercise.blank().solution().forEach(line -> lines.add("    " + line));
      return new Mark(true, lines);
    }
    describe(computed, lines);
    for (int i = 0; i < exercise.mistakes().size(); i++) {
      if (computed.isCloseTo(mistaken(i))) {
        lines.add("It seems that " + exercise.mistakes().get(i).hint() + ".");
      }
    }
    return new Mark(false, lines);
  }

  private Computed mistaken(int i) {
    if (mistaken.size() == i) {
      String source = exercise.blank().with(exercise.mistakes().get(i).code());
      mistaken.add(compute(Compilation.of(exercise.blank().file(), source)));
    }
    return mistaken.get(i);
  }

  /** Says where a tensor is wrong first, and whether all of it is wrong by one factor. */
  private void describe(Computed computed, List<String> lines) {
    if (!Arrays.equals(computed.shape, expected.shape)) {
      lines.add(
          Text.format(
              "%s has the shape %s, but it must be %s.",
              exercise.result(), Arrays.toString(computed.shape), Arrays.toString(expected.shape)));
      return;
    }
    int[] wrong = computed.wrong(expected);
    float value = computed.values[wrong[0]];
    float right = expected.values[wrong[0]];
    lines.add(
        Text.format(
            "%s%s is %s, but it must be %s; %d of %d elements are wrong.",
            exercise.result(),
            Arrays.toString(computed.index(wrong[0])),
            value,
            right,
            wrong.length,
            computed.values.length));
    if (computed.isCloseTo(expected.times(value / right))) {
      lines.add(Text.format("Every element is %.4g times what it must be.", value / right));
    }
  }

  /** A tensor. */
  private record Computed(int[] shape, float[] values) {
    static Computed by(Function<String, Map.Entry<int[], float[]>> trials, Exercise exercise) {
      Map.Entry<int[], float[]> result = trials.apply(exercise.trial());
      return new Computed(result.getKey(), result.getValue());
    }

    boolean isCloseTo(Computed right) {
      return Arrays.equals(shape, right.shape) && wrong(right).length == 0;
    }

    /** The elements that differ by more than rounding, of tensors of one shape. */
    int[] wrong(Computed right) {
      double largest = 0;
      for (float value : right.values) {
        largest = Math.max(largest, Math.abs(value));
      }
      double tolerance = TOLERANCE * largest;
      return IntStream.range(0, values.length)
          .filter(i -> !(Math.abs(values[i] - right.values[i]) <= tolerance))
          .toArray();
    }

    Computed times(float factor) {
      float[] scaled = values.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= factor;
      }
      return new Computed(shape, scaled);
    }

    /** The place of an element along each axis. */
    int[] index(int element) {
      int[] index = new int[shape.length];
      int rest = element;
      for (int i = shape.length - 1; i >= 0; i--) {
        index[i] = rest % shape[i];
        rest /= shape[i];
      }
      return index;
    }
  }
}
