package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fasthebb.testing.MadeImageNet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table that is killed at many random moments always resumes, and ends with the same numbers and
 * files as one that is not killed.
 */
@Tag("long")
class KilledTableTest {
  private static final int KILLS = 50;
  private static final int KILLS_OF_BEST = 15;
  private static final int KILLS_ON_IMAGENET = 10;
  private static final String SAVE_MINUTES = "0.008";
  private static final double FIRST_MOMENT = 0.5; // seconds; Java itself takes as long to start
  private static final Duration LONGEST = Duration.ofHours(2);

  @TempDir Path dir;

  private final SplittableRandom random = new SplittableRandom(1);
  private int inPretraining;
  private int inFineTuning;
  private int amongFeatures;
  private List<String> table = List.of();

  private Process start(Path out) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("table2", "--seeds", "1", "--threads", "2"));
    arguments.addAll(List.of("--save-every", SAVE_MINUTES, "--out", out.toString()));
    arguments.addAll(table);
    File err = dir.resolve(out.getFileName() + ".err").toFile();
    return ChildProgram.start(Redirect.appendTo(err), arguments);
  }

  /** A table of two epochs without swta, whose whitening takes longer than all the rest. */
  private static List<String> ofShapes(String... more) {
    String data = "--data shapes --train-images 100 --test-images 40";
    String how = "--methods hpca,vae --regimes 50,100 --epochs 2 --fine-tune-epochs 3 --batch 16";
    return Stream.of(Stream.of(data.split(" ")), Stream.of(how.split(" ")), Stream.of(more))
        .flatMap(words -> words)
        .toList();
  }

  /** Returns the seconds of processor time that it took. */
  private double finish(Path out) throws IOException, InterruptedException {
    Process process = start(out);
    double seconds = await(process, Double.POSITIVE_INFINITY);
    assertSucceeded(process, out);
    return seconds;
  }

  /**
   * Waits until a process ends or has computed for some time, which, unlike the time that passes,
   * does not depend on what else the machine does. Returns the seconds of processor time.
   */
  private static double await(Process process, double seconds) throws InterruptedException {
    double used = 0;
    long start = System.nanoTime();
    while (used < seconds && !process.waitFor(5, TimeUnit.MILLISECONDS)) {
      Duration computed = process.info().totalCpuDuration().orElse(Duration.ZERO);
      used = Math.max(used, computed.toNanos() * 1e-9); // it is 0 at the end
      assertTrue(System.nanoTime() - start < LONGEST.toNanos(), "it hangs");
    }
    return used;
  }

  private void assertSucceeded(Process process, Path out) throws IOException {
    String err = Files.readString(dir.resolve(out.getFileName() + ".err"));
    assertEquals(0, process.exitValue(), err);
  }

  @Test
  void endsTheSame() throws IOException, InterruptedException {
    table = ofShapes();
    killAndCompare(KILLS, 0.4);
    assertTrue(inPretraining > 0, "no kill in pre-training");
    assertTrue(inFineTuning > 0, "no kill in fine-tuning");
  }

  /** Read-outs of fixed features share a file, which a kill leaves. */
  @Test
  void endsTheSameByTheProtocolBest() throws IOException, InterruptedException {
    table = ofShapes("--protocol", "best", "--label-sets", "2");
    killAndCompare(KILLS_OF_BEST, 0.7);
    assertTrue(amongFeatures > 0, "no kill left features");
  }

  /** The network of ten layers on official archives: both rules, and a cell for each. */
  @Test
  void endsTheSameOnImageNet() throws IOException, InterruptedException {
    Path archives = Files.createDirectory(dir.resolve("archives"));
    new MadeImageNet(4, 10, 2, images()).writeArchives(archives);
    String data = "--data imagenet --side 162 --data-dir " + archives;
    String how = "--methods swta,hpca --regimes 50 --epochs 2 --fine-tune-epochs 10 --batch 8";
    table = List.of((data + " " + how).split(" "));
    killAndCompare(KILLS_ON_IMAGENET, 0.7);
    assertTrue(inPretraining > 0, "no kill in pre-training");
    assertTrue(inFineTuning > 0, "no kill in fine-tuning");
  }

  /** 200 steps of each rule on all 1,000 classes, from a pack of official archives. */
  @Test
  void endsTheSameOnAPackOfAllClasses() throws IOException, InterruptedException {
    Path archives = Files.createDirectory(dir.resolve("archives"));
    new MadeImageNet(1000, 3, 1, images()).writeArchives(archives);
    String pack = dir.resolve("pack").toString();
    List<String> kind = List.of("--data", "imagenet", "--side", "162", "--out", pack);
    succeed("data", "pack", archives.toString(), kind);
    succeed("data", "check", pack, List.of());
    String data = "--data pack --side 162 --data-dir " + pack;
    String how = "--methods swta,hpca --regimes 1 --epochs 3 --fine-tune-epochs 2 --batch 32";
    table = List.of((data + " " + how).split(" ")); // 2,400 of the images train: 225 steps
    killAndCompare(KILLS_ON_IMAGENET, 0.15); // about two tables in all
    assertTrue(inPretraining > 0, "no kill in pre-training");
  }

  private void succeed(String command, String name, String of, List<String> more)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(command, name, of));
    arguments.addAll(more);
    Path err = dir.resolve(name + ".err");
    Process process = ChildProgram.start(Redirect.to(err.toFile()), arguments);
    assertEquals(0, process.waitFor(), Files.readString(err));
  }

  private List<byte[]> images() throws IOException {
    Path folder = TinyImages.write(dir.resolve("images"), 10, 0);
    List<byte[]> images = new ArrayList<>();
    for (String name : files(folder)) {
      images.add(Files.readAllBytes(folder.resolve(name)));
    }
    return images;
  }

  /**
   * Kills tables at random moments.
   *
   * @param all how many times
   * @param latest moment, as a part of the processor time of a table; an early one kills more often
   *     per table, a late one leaves more time after the start of Java
   */
  private void killAndCompare(int all, double latest) throws IOException, InterruptedException {
    Path calm = dir.resolve("calm");
    double seconds = finish(calm);
    int kills = 0;
    int tables = 0;
    while (kills < all) {
      Path out = dir.resolve("killed" + tables);
      Process process = start(out);
      await(process, FIRST_MOMENT + random.nextDouble() * seconds * latest);
      if (!process.isAlive()) {
        assertSucceeded(process, out);
        assertSame(calm, out);
        tables++;
      } else {
        process.destroyForcibly();
        process.waitFor();
        kills++;
        note(out);
      }
    }
    Path last = dir.resolve("killed" + tables);
    finish(last);
    assertSame(calm, last);
    System.out.printf(
        "%d kills, %d of them in pre-training and %d in fine-tuning, over %d tables of %.0f"
            + " CPU-s%n",
        kills, inPretraining, inFineTuning, tables + 1, seconds);
  }

  /** Counts the kills in each phase, which the saved state names if there is one. */
  private void note(Path out) throws IOException {
    List<String> names = files(out);
    inPretraining += names.stream().anyMatch(name -> name.endsWith("pretrain.state")) ? 1 : 0;
    amongFeatures += names.stream().anyMatch(name -> name.endsWith("features.part")) ? 1 : 0;
    inFineTuning += names.stream().anyMatch(name -> name.endsWith("finetune.state")) ? 1 : 0;
  }

  private static void assertSame(Path calm, Path killed) throws IOException {
    assertEquals(files(calm), files(killed), "nothing is missing, and nothing is left over");
    for (String name : files(calm)) {
      // The other files contain times.
      if (List.of("table2.csv", "table2.md", "cell.json", "pretrained.safetensors")
          .contains(Path.of(name).getFileName().toString())) {
        assertArrayEquals(
            Files.readAllBytes(calm.resolve(name)), Files.readAllBytes(killed.resolve(name)), name);
      }
    }
  }

  private static List<String> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
