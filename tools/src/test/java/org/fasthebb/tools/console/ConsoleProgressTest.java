package org.fasthebb.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.StringWriter;
import java.util.List;
import org.fasthebb.models.learn.Criterion;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  private final StringWriter err = new StringWriter();
  private long nanos;

  private ConsoleProgress progress(boolean live) {
    return new ConsoleProgress(new TerminalWriter(err), live, () -> nanos);
  }

  private void steps(ConsoleProgress progress, int from, int to) {
    for (int step = from; step <= to; step++) {
      nanos += 1_000_000_000;
      progress.step("pretrain", 1, 2, 100L * step, 10_000);
    }
  }

  @Test
  void plainLinesAreRare() {
    try (ConsoleProgress progress = progress(false)) {
      steps(progress, 1, 25);
      progress.epoch("pretrain", 1, 2, 0.5, Criterion.ACCURACY, 0.25);
    }
    assertEquals(
        List.of(
            "pretrain  epoch 1/2  1,000/5,000 images  100 images/s  1:30 left",
            "pretrain  epoch 1/2  2,000/5,000 images  100 images/s  1:20 left",
            "pretrain  epoch 1/2  validation 25.0 %  loss 0.500  100 images/s  1:15 left"),
        err.toString().lines().toList());
  }

  @Test
  void thePhaseOfTheNextCellStartsAfresh() {
    try (ConsoleProgress progress = progress(false)) {
      steps(progress, 90, 92);
      progress.epoch("pretrain", 2, 2, 0.5, Criterion.ACCURACY, 0.25);
      steps(progress, 1, 10);
    }
    assertEquals(
        "pretrain  epoch 1/2  1,000/5,000 images  100 images/s  1:30 left",
        err.toString().lines().toList().getLast());
  }

  @Test
  void anEpochWithoutValidation() {
    try (ConsoleProgress progress = progress(false)) {
      progress.epoch("unsupervised", 1, 2, 0, Criterion.NONE, 0);
      progress.epoch("read-out", 2, 2, 0.5, Criterion.NONE, 0);
    }
    assertEquals(
        List.of("unsupervised  epoch 1/2", "read-out  epoch 2/2  loss 0.500"),
        err.toString().lines().toList());
  }

  @Test
  void aTerminalHasOneLineThatIsClearedForMessages() {
    try (ConsoleProgress progress = progress(true)) {
      steps(progress, 1, 2);
      progress.message("hello");
      steps(progress, 3, 3);
    }
    assertEquals(
        "\rpretrain  epoch 1/2  100/5,000 images\033[K"
            + "\rpretrain  epoch 1/2  200/5,000 images  100 images/s  1:38 left\033[K"
            + "\r\033[Khello\n"
            + "\rpretrain  epoch 1/2  300/5,000 images  100 images/s  1:37 left\033[K"
            + "\r\033[K",
        err.toString().replace(System.lineSeparator(), "\n").replaceAll("  \\[[.]+\\]", ""));
  }

  @Test
  void theBarIsOfAllEpochs() {
    try (ConsoleProgress progress = progress(true)) {
      steps(progress, 75, 75);
    }
    String line = err.toString();
    long full = line.chars().filter(c -> c == '#').count();
    assertEquals(0.75, full / (full + (double) line.chars().filter(c -> c == '.').count()), 0.1);
  }

  @Test
  void anInterruptLosesTheWorkSinceTheLastSave() {
    try (ConsoleProgress progress = progress(false)) {
      steps(progress, 1, 9);
      assertEquals(
          "interrupted before the first save; the same command run again starts anew",
          progress.farewell());
      progress.saved();
      steps(progress, 10, 84);
      assertEquals(
          "interrupted; run the same command again to continue from the last save, without the"
              + " work of the last 1 min 15 s",
          progress.farewell());
    }
  }

  @Test
  void theRateIsRecentAndOfOnePhase() {
    try (ConsoleProgress progress = progress(false)) {
      steps(progress, 1, 5);
      nanos += 100_000_000_000L; // something else took long
      steps(progress, 6, 35);
      progress.step("finetune", 1, 1, 10, 20);
      nanos += 20_000_000_000L;
      progress.step("finetune", 1, 1, 20, 20);
    }
    List<String> lines = err.toString().lines().toList();
    assertEquals(
        "pretrain  epoch 1/2  2,600/5,000 images  100 images/s  1:14 left",
        lines.get(lines.size() - 2));
    assertEquals("finetune  20/20 images  0.5 images/s  0:00 left", lines.getLast());
  }
}
