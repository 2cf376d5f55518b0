package org.fasthebb.tools.photos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.fasthebb.models.use.Classification;
import org.fasthebb.models.use.Classification.ClassScore;
import org.fasthebb.models.use.Model;
import org.fasthebb.models.use.Photos;
import org.fasthebb.tools.console.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells the classes of photos. */
@Command(
    name = "classify",
    footer = {
      "",
      "Examples:",
      "  ./fasthebb classify --model runs/mine/model.safetensors photos/test",
      "  ./fasthebb classify --model runs/mine/model.safetensors --csv photos/test"
    },
    description = {
      "Tell the class of each photo, how probable it is, and the three next classes.",
      "",
      "Probabilities are the model's own; one that was trained on few labels is often too sure."
          + " Models that learned the labels by ridge, centroids or knn give scores, which only"
          + " rank the classes. A photo that cannot be read is one line on standard error; the rest"
          + " goes on, and the exit code is 1."
    })
public final class ClassifyCommand extends PhotoCommand {
  /** The first class and the three next. */
  private static final int SHOWN = 4;

  @Parameters(
      paramLabel = "FILE_OR_FOLDER",
      arity = "1..*",
      description = "Photos, or folders of photos, which may have folders in them.")
  private List<Path> paths;

  @Option(
      names = "--csv",
      description = "Print a row per photo: file, class, probability (or score), and the next.")
  private boolean csv;

  private final List<PhotoClasses> all = new ArrayList<>();

  private ClassifyCommand() {}

  /**
   * A photo's classes, for programs.
   *
   * @param name of the first class
   * @param probability of it, 0 to 1; null if the model gives only scores
   * @param ranking the first classes with their scores, which are probabilities if that is not null
   */
  private record PhotoClasses(
      String file, String name, Float probability, List<ClassScore> ranking) {}

  @Override
  void check() {
    require(!csv || !compute().json(), "--csv and --json are two forms of output; give one");
  }

  @Override
  void work(Model model) {
    model.requireClassifier();
    Photos photos = photos(paths, model.side());
    int shown = Math.min(SHOWN, model.classNames().size());
    boolean probabilities = model.file().givesProbabilities();
    if (csv) {
      printHeader(shown, probabilities ? "probability" : "score");
    }
    model.classify(
        photos,
        (i, what) -> {
          if (photos.failure(i) == null) {
            print(photos.file(i).toString(), what, what.ranking().subList(0, shown));
          } else {
            failed(photos.failure(i));
          }
          step("classify", i + 1, photos.size());
        });
    if (compute().json()) {
      printJson(all);
    }
  }

  private void printHeader(int shown, String score) {
    List<String> header = new ArrayList<>(List.of("file", "class", score));
    for (int rank = 2; rank <= shown; rank++) {
      header.addAll(List.of("class" + rank, score + rank));
    }
    out().println(Text.csv(header));
  }

  private void print(String file, Classification what, List<ClassScore> first) {
    if (compute().json()) {
      Float probability = what.probabilities() ? what.score() : null;
      all.add(new PhotoClasses(file, what.name(), probability, List.copyOf(first)));
    } else if (csv) {
      List<Object> row = new ArrayList<>(List.of(file));
      first.forEach(each -> row.addAll(List.of(each.name(), each.score())));
      out().println(Text.csv(row));
    } else {
      String next =
          first.stream()
              .skip(1)
              .map(each -> words(each, what.probabilities()))
              .collect(Collectors.joining(", "));
      String line = file + ": " + words(first.getFirst(), what.probabilities());
      out().println(next.isEmpty() ? line : line + " (" + next + ")");
    }
    out().flush();
  }

  private static String words(ClassScore each, boolean probabilities) {
    return each.name()
        + " "
        + (probabilities ? Text.percent(each.score()) : Text.format("%.3g", each.score()));
  }
}
