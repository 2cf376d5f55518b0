package org.fasthebb.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.fasthebb.models.data.Inspection;
import org.fasthebb.models.data.Inspection.InspectedPart;
import org.fasthebb.models.data.Inspection.Size;
import org.fasthebb.models.data.PassedOver;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.imagenet.ImageNet;
import org.fasthebb.models.pack.Pack;
import org.fasthebb.models.pack.PackHeader;
import org.fasthebb.tools.console.ConsoleCheckProgress;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Failures;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reads all of a data set, describes it, and lists its problems. */
@Command(
    name = "check",
    footer = {"", "Example:", "  ./fasthebb data check photos"},
    description =
        "Describe the images in a folder, count the files that are left out, and list problems;"
            + " exits with 1 if there are problems. Read are JPEG, PNG, GIF, BMP, TIFF and binary"
            + " PPM, told by their bytes, of at most 178,956,970 pixels and 65,535 on a side.")
final class DataCheckCommand extends ToolCommand {
  /** The most problems, and the most kinds of files left out, that are listed. */
  private static final int MOST_PROBLEMS = 20;

  /** The most image sizes that are listed; if there are more, only their range is shown. */
  private static final int MOST_SIZES = 3;

  @Parameters(
      paramLabel = "DIR",
      description = "The folder of the data set, or its parent; or the file of a pack.")
  private Path dir;

  private DataCheckCommand() {}

  @Override
  public Integer call() {
    err().println("reading all of " + dir + " ...");
    err().flush();
    if (Files.isRegularFile(dir)) {
      return checkPack() ? 0 : Failures.FAILED;
    }
    List<Inspection> all;
    try (ConsoleCheckProgress progress =
        new ConsoleCheckProgress(err(), Terminal.isLive(), System::nanoTime)) {
      all =
          ImageNet.isIn(dir)
              ? List.of(ImageNet.inspect(dir, progress))
              : Inspection.of(dir, progress);
    }
    all.forEach(this::print);
    boolean fine = all.stream().allMatch(found -> found.problems().isEmpty());
    return fine ? 0 : Failures.FAILED;
  }

  private void print(Inspection found) {
    line("folder", found.home().toString());
    line("layout", found.layout());
    line("classes", Text.count(found.train().classes().size()));
    printPart("train", found.train());
    printPart("test", found.test());
    if (!isEven(found.train()) || !isEven(found.test())) {
      printClasses(found.train(), found.test());
    }
    printUntested(found.train(), found.test());
    printLeftOut(found);
    printProblems(found.problems());
  }

  /** Compares every byte of a pack with its checksums; returns whether all is fine. */
  private boolean checkPack() {
    PackHeader pack = PackHeader.read(dir);
    List<String> problems;
    try (ConsoleProgress progress =
        new ConsoleProgress(err(), Terminal.isLive(), System::nanoTime)) {
      int total = pack.train().images() + pack.test().images();
      problems = Pack.problems(dir, done -> progress.step("checking", 1, 1, done, total));
    }
    line("pack", dir.toString());
    line("data set", pack.name());
    line("classes", Text.count(pack.classNames().size()));
    line("train", part(pack.train()));
    line("test", part(pack.test()));
    String size = pack.width() + "x" + pack.height();
    line(
        "stored", pack.lossy() ? size + " as JPEG of quality " + pack.quality() + ", lossy" : size);
    if (pack.decoder() != ImageDecoder.VERSION) {
      line("decoder", "version " + pack.decoder() + "; now it is " + ImageDecoder.VERSION);
    }
    printProblems(problems);
    return problems.isEmpty();
  }

  private static String part(PackHeader.PackedPart part) {
    long bytes = part.shardBytes().stream().mapToLong(Long::longValue).sum();
    return Text.format(
        "%s in %s, %s",
        Text.count(part.images(), "image"),
        Text.count(part.shardBytes().size(), "shard"),
        Text.megabytes(bytes));
  }

  private void printProblems(List<String> problems) {
    line("problems", problems.isEmpty() ? "none" : Text.count(problems.size()));
    problems.stream().limit(MOST_PROBLEMS).forEach(problem -> out().println("  " + problem));
    more(problems.size());
    out().flush();
  }

  /** The classes with training images but without test images, unless there are none at all. */
  private void printUntested(InspectedPart train, InspectedPart test) {
    List<String> classes =
        IntStream.range(0, train.classes().size())
            .filter(c -> train.counts().get(c) > 0 && test.counts().get(c) == 0)
            .mapToObj(train.classes()::get)
            .toList();
    if (classes.isEmpty() || test.images() == 0) {
      return;
    }
    line(
        "note", "no test images, so a test says nothing of " + Text.count(classes.size(), "class"));
    classes.stream().limit(MOST_PROBLEMS).forEach(name -> out().println("  " + name));
    more(classes.size());
  }

  /** The files that are not read, by folder and reason, with one name each. */
  private void printLeftOut(Inspection found) {
    List<PassedOver> leftOut = found.passedOver();
    if (leftOut.isEmpty()) {
      return;
    }
    line("left out", Text.count(leftOut.stream().mapToLong(PassedOver::files).sum(), "file"));
    for (PassedOver files : leftOut.subList(0, Math.min(MOST_PROBLEMS, leftOut.size()))) {
      Path folder = found.home().relativize(files.folder());
      out()
          .println(
              Text.format(
                  "  %s: %s (%s), as %s",
                  folder.toString().isEmpty() ? "." : folder,
                  files.reason(),
                  Text.count(files.files()),
                  files.example()));
    }
    more(leftOut.size());
  }

  private void more(int items) {
    if (items > MOST_PROBLEMS) {
      out().println("  ... and " + Text.count(items - MOST_PROBLEMS) + " more");
    }
  }

  private void line(String name, String value) {
    out().println(Text.format("%-9s %s", name, value));
  }

  private void printPart(String name, InspectedPart part) {
    String text = Text.count(part.images(), "image");
    if (part.images() > 0) {
      String perClass = isEven(part) ? Text.count(part.counts().getFirst()) : range(part);
      text += ", " + perClass + " per class, " + sizes(part);
    }
    line(name, text);
  }

  private static boolean isEven(InspectedPart part) {
    return new HashSet<>(part.counts()).size() <= 1;
  }

  private static String range(InspectedPart part) {
    var counts = part.counts().stream().mapToInt(Integer::intValue).summaryStatistics();
    return Text.count(counts.getMin()) + " to " + Text.count(counts.getMax());
  }

  /** Width x height of the images, with the number of images of each size if sizes differ. */
  private static String sizes(InspectedPart part) {
    Map<Size, Integer> sizes = part.sizes();
    if (sizes.size() > MOST_SIZES) {
      return Text.format(
          "%s from %s to %s",
          Text.count(sizes.size(), "size"),
          size(part.sizes().firstKey()),
          size(part.sizes().lastKey()));
    }
    return sizes.entrySet().stream()
        .map(entry ->
            (sizes.size() == 1 ? "" : Text.count(entry.getValue()) + " of ") + size(entry.getKey()))
        .collect(Collectors.joining(", "));
  }

  private static String size(Size size) {
    return size.width() + "x" + size.height();
  }

  private void printClasses(InspectedPart train, InspectedPart test) {
    out().println("  train   test  class");
    for (int c = 0; c < train.classes().size(); c++) {
      out()
          .println(
              Text.format(
                  "%,7d%,7d  %s",
                  train.counts().get(c), test.counts().get(c), train.classes().get(c)));
    }
  }
}
