// The current time as the Date header has it, formatted once a second.

export const httpDate = (): string => {
  const second = Math.floor(Date.now() / 1000);
  if (second !== formatted) {
    formatted = second;
    text = new Date(second * 1000).toUTCString();
  }
  return text;
};

let formatted = 0;
let text = '';
