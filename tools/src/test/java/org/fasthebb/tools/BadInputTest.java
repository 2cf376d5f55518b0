package org.fasthebb.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.tools.console.Terminal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Wrong input of users: the program prints one sentence, exits with the right code, and leaves no
 * files.
 */
class BadInputTest {
  private static final long CIFAR_BYTES = 30_730_000;

  @TempDir static Path shared;
  private static String images;
  private static Path model;

  @TempDir Path dir;

  @BeforeAll
  static void pretrainOnce() throws IOException {
    images = TinyImages.write(shared.resolve("images"), 10, 3).toString();
    Program.run(
            "pretrain",
            "--data",
            "folder",
            "--data-dir",
            images,
            "--rule",
            "none",
            "--out",
            shared.resolve("out").toString())
        .succeeds();
    model = shared.resolve("out/pretrained.safetensors");
  }

  /** The message must contain the last column. */
  @ParameterizedTest
  @CsvSource({
    "run --labels 0, '--labels'",
    "run --labels 0%, '--labels is 0%'",
    "run --labels 101%, '101%'",
    "run --labels -1%, '-1%'",
    "run --labels nan, '--labels'",
    "run --labels many, 'no percentage'",
    "run --threads 0, '--threads is 0'",
    "doctor --threads 0, '--threads is 0'",
    "run --threads two, '--threads'",
    "run --batch 1, '--batch is 1'",
    "finetune --model x --out=, 'the name is empty'",
    "table1 --out=, 'the name is empty'",
    "table2 --out=, 'the name is empty'",
    "search --space rate=1 --out=, 'the name is empty'",
    "table2 --epochs 0, 'names no epochs'",
    "table2 --epochs swta=many, 'names no epochs'",
    "table2 --epochs none=1, 'name swta, hpca, vae, hard-wta'",
    "run --epochs -1, '--epochs is -1'",
    "run --zca-epsilon 0, '--zca-epsilon is 0.0; it must be over 0'",
    "pretrain --zca-epsilon NaN, '--zca-epsilon is NaN; it must be over 0'",
    "run --fine-tune-epochs 0, '--fine-tune-epochs is 0'",
    "run --rule bcm, 'swta, hpca, vae, none'",
    "run --rule HPCA, 'not one of'",
    "run --vae-loss mse, 'authors, elbo'",
    "run --form quick, 'fast, naive'",
    "run --schedule none, 'code, paper'",
    "run --data mnist, 'shapes, cifar10, cifar100, tiny-imagenet, folder'",
    "run --data cifar10, '--data-dir'",
    "run --data folder, '--data-dir'",
    "run --data-dir x, 'drawn'",
    "run --train-images 0, '--train-images is 0'",
    "run --data folder --data-dir x --test-images 5, 'goes with --data shapes'",
    "run --seed x, '--seed'",
    "run --no-such, '--no-such'",
    "pretrain --labels 1%, '--labels'",
    "finetune, '--model'",
    "evaluate, '--model'",
    "retrieve, '--model'",
    "retrieve --model x --k 0, '--k is 0'",
    "retrieve --model x --distance far, 'cosine, euclidean'",
    "run --eta 0, '--eta is 0.0'",
    "run --temperature -1, '--temperature is -1.0'",
    "run --rate NaN, '--rate is NaN'",
    "run --decay -1, '--decay is -1.0'",
    "run --dropout 1, '--dropout is 1.0'",
    "search, '--space'",
    "search --space rate, 'no axis of a search'",
    "search --space rate=1 --trials 0, '--trials is 0'",
    "search --space rate=1 --seeds 0, '--seeds is 0'",
    "search --space rate=1 rate=2, 'rate more than once'",
    "search --space temperature=1, 'no effect with --rule hpca; it is for swta'",
    "run --rule softhebb --read-out-epochs 0, '--fine-tune-epochs is 0'",
    "run --read-out nearest, 'finetune, linear'",
    "run --read-out ridge --power 1e-30, '--power is 1.0E-30; it must be from 0.01 to 10'",
    "run --read-out ridge --whiten-features 1e-30, '--whiten-features is 1.0E-30; it must be 0,"
        + " or'",
    "run --read-out ridge --raw-features --whiten-features 1, 'leave out --raw-features'",
    "run --rule k-wta --winners 0, '--winners is 0'",
    "run --architecture large, 'small, imagenet, softhebb, patches'",
    "run --validation 100%, '--validation is 1'",
    "fly, 'no command ''fly'''",
    "rnu, 'did you mean run?'",
    "run --lables 2%, 'no option ''--lables''; did you mean --labels?'",
    "run --rule hcpa, 'did you mean hpca?'",
    "run --seed x, 'not a whole number from -9223372036854775808'",
    "run --epochs 99999999999, 'not a whole number from -2147483648 to 2147483647'",
    "run --rate fast, 'not a number'",
    "run --threads 100000, 'it must be from 1 to 1024'",
    "search --space rte=1, 'did you mean rate?'",
    "search --space rate=1 --seed 9223372036854775807, 'at most 9223372036854775807'",
    "search --rule softhebb --space rate=1, 'no effect with --read-out linear'",
    "table2 --part 4/4, 'is no part'",
    "table2 --budget NaN, '--budget is NaN'",
    "bench, './fasthebb bench'",
    "run --data folder --data-dir=, 'the name is empty'",
    "'table2 --methods=,', '--methods names none'",
    "run --rule HPCA, 'did you mean hpca?'",
    "run --data folder --data-dir x --orientation STORED, 'did you mean stored?'",
    "--rulez hpca, 'did you mean fasthebb run --rule?'",
    "--rule hpca run, 'did you mean fasthebb run --rule?'",
    "run --threads abc, 'not a whole number from 1 to 1024'",
    "run --decay Infinity, 'at least 0, and not as large'",
    "run --zca-epsilon 1e-60, 'not so close to 0'",
    "search --space decay=1e-999999999, 'not so close to 0'",
    "search --space decay=1e999999999, 'at least 0, and not as large'",
  })
  void usage(String command, String expected) {
    Path out = dir.resolve("out");
    String[] args = command.split(" ");
    if (List.of("run", "pretrain").contains(args[0])) {
      args =
          Stream.concat(Stream.of(args), Stream.of("--out", out.toString())).toArray(String[]::new);
    }
    String sentence = Program.run(args).fails(2);
    assertTrue(sentence.contains(expected), sentence);
    assertFalse(Files.exists(out));
  }

  /** A shell completes them. */
  @Test
  void everyValueThatIsOfferedIsRead() throws Exception {
    int values = 0;
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (option.completionCandidates() == null) {
          continue;
        }
        ITypeConverter<?> own = option.converters().length > 0 ? option.converters()[0] : null;
        for (String value : option.completionCandidates()) {
          assertEquals(value.toLowerCase(Locale.ROOT), value, option.longestName());
          if (own != null) {
            assertEquals(value, own.convert(value).toString());
          }
          values++;
        }
      }
    }
    assertTrue(values > 50, "" + values);
  }

  /** A file of arguments can hold it. */
  @Test
  void zeroByteInAPath() {
    for (String option : List.of("--out", "--data-dir")) {
      String sentence = Program.run("run", option, "a\0b").fails(2);
      assertTrue(sentence.contains(option) && sentence.contains("a\\u0000b"), sentence);
    }
  }

  @Test
  void helpIsAsWideAsColumnsSays() {
    CommandLine program = Main.commandLine();
    Terminal.wrapHelp(program, "60");
    CommandLine run = program.getSubcommands().get("run");
    assertEquals(60, longest(run.getUsageMessage()), 2);
    Terminal.wrapHelp(program, "120");
    assertEquals(120, longest(run.getUsageMessage()), 4);
    Terminal.wrapHelp(program, "1");
    assertEquals(55, longest(run.getUsageMessage()), 2);
  }

  private static int longest(String text) {
    return text.lines().mapToInt(String::length).max().orElse(0);
  }

  @Test
  void withoutCommand() {
    Program program = Program.run();
    assertEquals(2, program.code());
    assertTrue(program.err().getFirst().startsWith("Usage: fasthebb"));
  }

  /** Runs on bad data and returns the message. */
  private String badData(String kind) throws IOException {
    Path out = dir.resolve("out");
    String sentence =
        Program.run(
                "run",
                "--data",
                kind,
                "--data-dir",
                dir.resolve("data").toString(),
                "--out",
                out.toString())
            .fails(1);
    assertFalse(Files.exists(out));
    return sentence;
  }

  private void cifarFile(long bytes, int firstLabel) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("data"));
    // A sparse file, which takes no time and no space.
    try (var file = new RandomAccessFile(folder.resolve("data_batch_1.bin").toFile(), "rw")) {
      file.setLength(bytes);
      file.write(firstLabel);
    }
  }

  @Test
  void missingData() throws IOException {
    assertTrue(badData("cifar10").contains("data_batch_1.bin is missing"));
    assertTrue(badData("folder").contains("has no folder train"));
  }

  @Test
  void truncatedData() throws IOException {
    cifarFile(CIFAR_BYTES - 1, 0);
    assertTrue(badData("cifar10").contains("should have 30730000 bytes"));
  }

  @Test
  void labelOfTen() throws IOException {
    cifarFile(CIFAR_BYTES, 10);
    assertTrue(badData("cifar10").contains("has label 10 in record 0"));
  }

  @Test
  void unreadableImage() throws IOException {
    TinyImages.write(dir.resolve("data"), 2, 1);
    Files.writeString(dir.resolve("data/train/left/0.png"), "not an image");
    assertTrue(badData("folder").contains("0.png cannot be read as an image"));
  }

  @Test
  void tooFewLabels() {
    Path out = dir.resolve("out");
    Program run = Program.onFolder(images, "run", "--labels", "5%", "--out", out.toString());
    assertTrue(run.fails(1).contains("needs at least 2"));
    assertFalse(Files.exists(out));
  }

  /** The whole experiment on good images, with half of them labelled. */
  private static Program runInto(Path out, String... more) {
    Stream<String> all =
        Stream.concat(Stream.of("--labels", "50%", "--out", out.toString()), Stream.of(more));
    return Program.onFolder(images, "run", all.toArray(String[]::new));
  }

  /** Checks that all commands that read a model refuse it, and returns the message. */
  private String badModel(Path file) throws IOException {
    Path out = dir.resolve("out");
    String model = file.toString();
    String evaluate = Program.onFolder(images, "evaluate", "--model", model).fails(1);
    String[] more = {"--model", model, "--labels", "50%", "--out", out.toString()};
    String finetune = Program.onFolder(images, "finetune", more).fails(1);
    assertEquals(evaluate, finetune);
    assertEquals(evaluate, Program.onFolder(images, "retrieve", "--model", model).fails(1));
    assertFalse(Files.exists(out));
    return evaluate;
  }

  @Test
  void missingModel() throws IOException {
    assertTrue(badModel(dir.resolve("none.safetensors")).contains("none.safetensors"));
  }

  @Test
  void modelOfAnotherNetwork() throws IOException {
    Path file = dir.resolve("other.safetensors");
    SafeTensors.writer()
        .metadata("format", "fasthebb-1")
        .metadata("architecture", "large")
        .floats("conv1.weight", new int[] {1}, new float[1])
        .write(file);
    assertTrue(badModel(file).contains("'large'"));
    SafeTensors.writer()
        .metadata("format", "fasthebb-1")
        .metadata("architecture", "small")
        .metadata("variant", "HPCA")
        .metadata("rule", "hpca")
        .floats("conv1.weight", new int[] {1}, new float[1])
        .write(file);
    assertTrue(badModel(file).contains("another network"));
  }

  @Test
  void modelOfAnotherProgram() throws IOException {
    Path file = dir.resolve("foreign.safetensors");
    SafeTensors.writer().floats("w", new int[] {1}, new float[1]).write(file);
    assertTrue(badModel(file).contains("no FastHebb model"));
  }

  @Test
  void corruptedModel() throws IOException {
    Path file = dir.resolve("corrupted.safetensors");
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertTrue(badModel(file).contains("corrupted.safetensors"));
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertTrue(badModel(file).contains("corrupted.safetensors"));
    Files.writeString(file, "{}");
    assertTrue(badModel(file).contains("corrupted.safetensors"));
  }

  @Test
  void corruptedModelInTheOutputFolderStaysAsItIs() throws IOException {
    Path out = Files.createDirectory(dir.resolve("out"));
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length / 2] ^= 1;
    Path file = Files.write(out.resolve("pretrained.safetensors"), bytes);
    runInto(out, "--rule", "none").fails(1);
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  @Test
  void missingLayer() {
    String sentence =
        Program.onFolder(images, "retrieve", "--model", model.toString(), "--layer", "fc6")
            .fails(2);
    assertTrue(sentence.contains("--layer is fc6; the network has conv1, pool1, bn1"), sentence);
  }

  @Test
  void dataOfOtherClasses() throws IOException {
    Path other = TinyImages.write(dir.resolve("other"), 2, 1);
    Files.move(other.resolve("train/left"), other.resolve("train/right"));
    Files.move(other.resolve("test/left"), other.resolve("test/right"));
    String sentence =
        Program.onFolder(other.toString(), "evaluate", "--model", model.toString()).fails(1);
    assertTrue(sentence.contains("they differ from number 2 on: left, but right"), sentence);
  }

  @Test
  void impossibleOutputFolder() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "here already");
    for (Path out : List.of(file, file.resolve("out"))) {
      String sentence = runInto(out).fails(1);
      assertTrue(sentence.contains("output folder"), sentence);
    }
    assertEquals("here already", Files.readString(file));
  }

  @Test
  void readOnlyOutputFolder() throws IOException {
    Path out = Files.createDirectory(dir.resolve("out"));
    assumeTrue(out.toFile().setWritable(false) && !Files.isWritable(out), "needs a user, not root");
    String sentence = runInto(out).fails(1);
    assertTrue(sentence.contains("cannot write into the output folder"), sentence);
  }

  private Path smallDisk(String size) throws IOException, InterruptedException {
    Path disk = Files.createDirectory(dir.resolve("disk"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()),
        "needs the right to mount a small file system");
    return disk;
  }

  @Test
  void noRoomForFeatures() throws IOException, InterruptedException {
    Path disk = smallDisk("1m");
    try {
      String sentence =
          Program.onFolder(
                  images,
                  "run",
                  "--rule",
                  "softhebb",
                  "--labels",
                  "50%",
                  "--out",
                  disk.resolve("out").toString())
              .fails(1);
      assertTrue(
          sentence.contains("takes up to 1.2 MB") && sentence.contains("1.0 MB free"), sentence);
    } finally {
      command("umount", disk.toString());
    }
  }

  @Test
  void fullDisk() throws IOException, InterruptedException {
    Path disk = smallDisk("16m");
    try {
      String sentence = runInto(disk.resolve("out"), "--rule", "none").fails(1);
      assertTrue(sentence.contains("the disk is full"), sentence);
      try (Stream<Path> left = Files.list(disk.resolve("out"))) {
        assertEquals(
            List.of("pretrained.json"), left.map(p -> p.getFileName().toString()).toList());
      }
    } finally {
      command("umount", disk.toString());
    }
  }

  private static boolean command(String... words) throws InterruptedException {
    try {
      return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    }
  }

  @Test
  void verboseShowsWhere() {
    Program program =
        Program.run("evaluate", "--verbose", "--model", dir.resolve("none").toString());
    assertEquals(1, program.code());
    assertTrue(program.err().stream().anyMatch(line -> line.startsWith("\tat org.fasthebb.")));
  }
}
