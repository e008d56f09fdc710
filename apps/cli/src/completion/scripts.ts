/**
 * The scripts that shells source. Each asks `keyspring complete -- <words>` at every TAB, and evaluates nothing of what was typed or
 * answered. bash: 3.2 and newer, without the bash-completion package, which macOS lacks.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# keyspring completion for bash
_keyspring() {
  local words value meaning typed line=\${COMP_LINE:0:COMP_POINT}
  read -ra words <<< "$line"
  if [[ $line == *[[:space:]] ]]; then words+=(""); fi
  typed=\${words[\${#words[@]} - 1]}
  COMPREPLY=()
  # bash takes @ and = for ends of words, and replaces only what follows them.
  while IFS=$'\\t' read -r value meaning; do
    # A name with a blank or a $ would otherwise be more than one word, or be carried out.
    printf -v value %q "\${value#"\${typed%"\${COMP_WORDS[COMP_CWORD]}"}"}"
    COMPREPLY+=("$value")
  done < <(keyspring complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _keyspring keyspring
`,
  zsh: `#compdef keyspring
_keyspring() {
  local -a answers
  local value meaning
  keyspring complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null | while IFS=$'\\t' read -r value meaning; do
    answers+=("\${value//:/\\\\:}:$meaning")
  done
  if (( $#answers )); then _describe keyspring answers; else _files; fi
}
if [[ $funcstack[1] == _keyspring ]]; then _keyspring "$@"; else compdef _keyspring keyspring; fi
`,
  fish: `# keyspring completion for fish
function __keyspring_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l answers (keyspring complete -- $words[2..-1] "$typed" 2>/dev/null)
    if test (count $answers) -gt 0
        printf '%s\\n' $answers
    else
        __fish_complete_path "$typed"
    end
end
complete -c keyspring -f -a '(__keyspring_complete)'
`,
  // Windows PowerShell drops empty arguments, so an empty word travels as two quotes.
  powershell: `# keyspring completion for PowerShell
Register-ArgumentCompleter -Native -CommandName keyspring -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $words += '""' }
    keyspring complete '--' @words 2>$null | ForEach-Object {
        $value, $meaning = $_ -split "\`t", 2
        if (-not $meaning) { $meaning = $value }
        $word = if ($value -match '^[\\w@.+=:/-]+$') { $value } else { "'" + $value.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($word, $value, 'ParameterValue', $meaning)
    }
}
`,
};
