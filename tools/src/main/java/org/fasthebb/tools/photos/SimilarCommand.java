package org.fasthebb.tools.photos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.SavePace;
import org.fasthebb.models.use.Model;
import org.fasthebb.models.use.PhotoIndex;
import org.fasthebb.models.use.PhotoIndex.Match;
import org.fasthebb.models.use.Photos;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.LayerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the photos of a folder that look most like others. */
@Command(
    name = "similar",
    footer = {
      "",
      "Example:",
      "  ./fasthebb similar --model runs/mine/pretrained.safetensors --index photos/train --html"
          + " similar.html photos/test"
    },
    description = {
      "Find the photos in a folder that are most similar to each QUERY, by the cosine of the"
          + " features of a model, which need not know their classes: a pretrained.safetensors"
          + " serves, too.",
      "",
      "The first time, the features of all photos in DIR are computed and kept in an index, in the"
          + " hidden folder .fasthebb of DIR; later only those of new and changed photos. After an"
          + " interruption, the same command goes on. Every photo is compared: the search is exact."
    })
public final class SimilarCommand extends PhotoCommand {
  @Option(
      names = "--index",
      paramLabel = "DIR",
      required = true,
      description = "The folder of photos to search, which may have folders in it.")
  private Path dir;

  @Option(
      names = "--index-file",
      paramLabel = "FILE",
      description = "Keep the index in this file, such as when DIR cannot be written into.")
  private Path indexFile;

  @Mixin private LayerOption layer;

  @Option(
      names = "--k",
      paramLabel = "N",
      defaultValue = "10",
      description = "Number of photos to find. Default: ${DEFAULT-VALUE}.")
  private int k;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a web page with the photos, which needs no other file.")
  private Path html;

  @Parameters(
      paramLabel = "QUERY",
      arity = "1..*",
      description = "Photos, or folders of photos; one that is in DIR does not find itself.")
  private List<Path> queries;

  private SimilarCommand() {}

  /**
   * What was found for a photo, for programs.
   *
   * @param query the photo
   * @param similar the photos found, the nearest first, with the cosine of each
   */
  record Answer(Path query, List<FoundPhoto> similar) {}

  /** A photo that was found, and the cosine of the angle between its features and the query's. */
  record FoundPhoto(Path file, float cosine) {}

  /** What {@code --json} prints of an answer. */
  private record AnswerJson(String query, List<MatchJson> similar) {
    static AnswerJson of(Answer answer) {
      return new AnswerJson(
          answer.query.toString(),
          answer.similar.stream()
              .map(found -> new MatchJson(found.file.toString(), found.cosine))
              .toList());
    }
  }

  private record MatchJson(String file, float cosine) {}

  @Override
  void check() {
    require(k >= 1, "--k is " + k + "; it must be at least 1");
    require(Files.isDirectory(dir), "--index is " + dir + ", which is no folder");
    if (html != null) {
      requirePage(html);
    }
  }

  @Override
  void work(Model model) throws CheckpointException {
    String from = layer.among(this, model.layers());
    List<Answer> answers;
    try (PhotoIndex index = PhotoIndex.open(model, dir, indexFile, orientation(), from)) {
      update(index);
      answers = answers(model, index, from);
    }
    if (html != null) {
      AtomicFile.writeString(html, Gallery.page(dir, answers, orientation(), this::failed));
    }
    if (compute().json()) {
      printJson(answers.stream().map(AnswerJson::of).toList());
    } else {
      answers.forEach(this::print);
      if (html != null) {
        out().println("As pictures: " + html);
      }
    }
  }

  private void update(PhotoIndex index) throws CheckpointException {
    FolderNotes found = new FolderNotes(this::failed);
    int computed = index.update(found, this::failed, SavePace.USUAL, progress());
    note(dir, found);
    progress()
        .message(
            Text.format(
                "%s in %s, %s computed",
                Text.count(index.size(), "photo"), index.file(), Text.count(computed)));
  }

  private List<Answer> answers(Model model, PhotoIndex index, String from) {
    Photos photos = photos(queries, model.side());
    List<Path> asked = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    photos.features(
        model,
        from,
        PhotoIndex.FORM,
        this::failed,
        (i, features) -> {
          asked.add(photos.file(i));
          rows.add(features);
          step("queries", i + 1, photos.size());
        });
    // One more, because a query may be in the folder itself.
    List<List<Match>> found = index.nearest(rows, Math.addExact(k, 1));
    List<Answer> answers = new ArrayList<>();
    for (int q = 0; q < asked.size(); q++) {
      Path query = asked.get(q);
      answers.add(
          new Answer(
              query,
              found.get(q).stream()
                  .map(match -> new FoundPhoto(dir.resolve(match.name()), match.cosine()))
                  .filter(photo -> !isSame(photo.file, query))
                  .limit(k)
                  .toList()));
    }
    return answers;
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      throw new DataException(one + " has vanished while it was searched; run again.", e);
    }
  }

  private void print(Answer answer) {
    out().println(answer.query + ":");
    for (FoundPhoto photo : answer.similar) {
      out().println(Text.format("  %6.3f  %s", photo.cosine, photo.file));
    }
  }
}
