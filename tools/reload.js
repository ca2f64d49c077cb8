
// Reloads the page when another build is served. tools/dev.mjs appends this to the bundle of a development build.
(() => {
  let loaded;
  const look = async () => {
    try {
      const answer = await fetch("/pkg/build.txt", { cache: "no-store" });
      const build = await answer.text();
      if (answer.ok && build !== (loaded ??= build)) return location.reload();
    } catch {
      // The server is starting.
    }
    setTimeout(look, 250);
  };
  look();
})();
